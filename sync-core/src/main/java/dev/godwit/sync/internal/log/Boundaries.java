package dev.godwit.sync.internal.log;

import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/**
 * The boundaries of sealed transactions among the notes; in {@code godwit_sealed}.
 *
 * <p>Sealing fixes which notes make one transaction, in the commit that made them, and nothing
 * else: what the notes amount to stays recoverable from the tables and from what later notes say
 * was there before, so that it can be worked out later, when the transactions are packed.
 */
public final class Boundaries {
  /**
   * The time of a transaction whose notes tell it themselves: written by someone who does not use
   * the library.
   */
  public static final long TOLD_BY_NOTES = -1;

  private final Session session;

  /**
   * One sealed transaction that is not packed.
   *
   * @param after the last note before it
   * @param through its last note
   * @param millis when it was made, or {@link #TOLD_BY_NOTES}
   */
  public record Boundary(long number, long after, long through, long millis) {}

  public Boundaries(Session session) {
    this.session = session;
  }

  /** The last note, 0 when there is none. */
  public long lastNote() {
    return one("SELECT id FROM godwit_pending ORDER BY id DESC LIMIT 1");
  }

  /** The last note that a boundary covers, 0 when there is none. */
  public long lastSealedNote() {
    return one("SELECT last_note FROM godwit_sealed ORDER BY number DESC LIMIT 1");
  }

  /**
   * Seals what bypassed the library since the last token of a form as one transaction. Returns the
   * last note.
   */
  public long sealForeign() {
    long last = lastNote();
    if (last > lastSealedNote()) {
      seal(last, TOLD_BY_NOTES);
    }
    return last;
  }

  /** Seals the notes behind {@code after} as one transaction, if there are any. */
  public void sealOwn(long after, long millis) {
    if (lastSealedNote() > after) {
      // A token in the midst of it has sealed what came before.
      session.statement("DELETE FROM godwit_sealed WHERE last_note > ?").bind(1, after).update();
    }
    session
        .statement(
            "INSERT INTO godwit_sealed (last_note, millis)"
                + " SELECT id, ? FROM godwit_pending WHERE id > ? ORDER BY id DESC LIMIT 1")
        .bind(1, millis)
        .bind(2, after)
        .update();
  }

  private void seal(long last, long millis) {
    session
        .statement("INSERT INTO godwit_sealed (last_note, millis) VALUES (?, ?)")
        .bind(1, last)
        .bind(2, millis)
        .update();
  }

  /** All sealed transactions that are not packed, in order. */
  public List<Boundary> all() {
    List<Boundary> all = new ArrayList<>();
    long after = 0;
    try (SqliteRows rows =
        session
            .statement("SELECT number, last_note, millis FROM godwit_sealed ORDER BY number")
            .query()) {
      while (rows.next()) {
        all.add(new Boundary(rows.integer(0), after, rows.integer(1), rows.integer(2)));
        after = rows.integer(1);
      }
    }
    return all;
  }

  /** Forgets notes and boundaries, which are packed. */
  public void clear() {
    session.statement("DELETE FROM godwit_sealed").update();
    session.statement("DELETE FROM godwit_pending").update();
  }

  private long one(String sql) {
    try (SqliteRows rows = session.statement(sql).query()) {
      return rows.next() ? rows.integer(0) : 0;
    }
  }
}
