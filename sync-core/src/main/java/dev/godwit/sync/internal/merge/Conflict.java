package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.Value;

/**
 * Two concurrent writes that cannot both be seen.
 *
 * @param kind of which kinds
 * @param unit the column, "" for the whole row
 * @param winner the write that is seen
 * @param loser the write that is kept beside it
 */
public record Conflict(Kind kind, String unit, Side winner, Side loser) {
  /** What met what. */
  public enum Kind {
    EDIT_EDIT("edit/edit"),
    EDIT_DELETE("edit/delete"),
    KEY_COLLISION("key collision");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * One of both.
   *
   * @param value the value written, null when the whole row is meant
   */
  public record Side(Dot dot, HybridTimestamp time, Value value) {}

  /** The same conflict with winner and loser changed over. */
  public Conflict turned() {
    return new Conflict(kind, unit, loser, winner);
  }

  static Conflict ofUnit(String unit, Version winner, Version loser) {
    return new Conflict(Kind.EDIT_EDIT, unit, side(winner), side(loser));
  }

  static Conflict ofExistence(Presence winner, Presence loser) {
    return new Conflict(
        Kind.EDIT_DELETE,
        "",
        new Side(winner.dot(), winner.time(), null),
        new Side(loser.dot(), loser.time(), null));
  }

  static Conflict ofKey(String column, int position, KeyVersion winner, KeyVersion loser) {
    return new Conflict(
        Kind.EDIT_EDIT,
        column,
        new Side(winner.dot(), winner.time(), winner.key().values().get(position)),
        new Side(loser.dot(), loser.time(), loser.key().values().get(position)));
  }

  private static Side side(Version version) {
    return new Side(version.dot(), version.time(), version.value());
  }
}
