package dev.godwit.sync.report;

import java.util.List;

/**
 * One page of a listing.
 *
 * @param entries in the listing's order
 * @param more where the next page begins (see {@link Paging}); null when this is the last one
 */
public record Listing<T>(List<T> entries, String more) {
  public Listing {
    entries = List.copyOf(entries);
  }

  /** Whether another page follows. */
  public boolean hasMore() {
    return more != null;
  }
}
