package dev.godwit.sync.report;

import java.util.Objects;

/**
 * Which part of a long listing to read: at most so many entries, from the beginning or behind an
 * earlier page.
 *
 * @param limit entries at most, 1 … {@value #LIMIT_MAX}
 * @param after {@link Listing#more} of the page before; "" for the first page
 */
public record Paging(int limit, String after) {
  /** A page is held in memory whole: more entries than this are read page by page. */
  public static final int LIMIT_MAX = 1_000;

  public Paging {
    Objects.requireNonNull(after, "after");
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to " + LIMIT_MAX + " entries but got " + limit);
    }
  }

  /** The first page of this length. */
  public static Paging first(int limit) {
    return new Paging(limit, "");
  }

  /** The page of the same length behind this one. */
  public Paging behind(Listing<?> page) {
    return new Paging(limit, page.more());
  }
}
