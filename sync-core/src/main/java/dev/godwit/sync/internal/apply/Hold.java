package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;

/**
 * Why a row is not shown as it is: one row of {@code godwit_held}.
 *
 * @param unit the reference column or the unique rule that it is about, "" for the whole row
 * @param blockerTable the local number of the table of the row that is the cause
 * @param blocker the row that is the cause: the one referred to, or the one that has the value
 */
public record Hold(Kind kind, String unit, int blockerTable, LifeId blocker)
    implements Comparable<Hold> {
  /** What is done with the row; what each means is told in CONSTRAINTS.md. */
  public enum Kind {
    /**
     * Out of the table, and out of the contest for keys, since a row that it refers to is absent or
     * hidden.
     */
    HIDDEN("hidden"),
    /**
     * Out of the table, since a row that it refers to is parked; keys and unique values stay its
     * own.
     */
    BELOW("below"),
    /** Out of the table, since another row has its key or unique value. */
    PARKED("parked"),
    /** Deleted, and kept in the table for a row that refers to it. */
    PINNED("pinned"),
    /**
     * Shows NULL in a column, since another row has its unique value: {@code unit} is the rule, by
     * which the policies tell the column.
     */
    NULLED("nulled"),
    /** A reference that shows NULL or its default. */
    SUBSTITUTED("substituted"),
    /** Moved in a tree such that it would close a cycle: it shows the parent that it had before. */
    RETURNED("returned"),
    /** The same where that would close one too, or there was none: it shows no parent. */
    ROOTED("rooted");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("expected a kind of hold but got " + text);
    }

    /** Whether it is a move in a tree that is not shown. */
    boolean isUndone() {
      return this == RETURNED || this == ROOTED;
    }

    /** Whether it is told apart from what refers to a row that is out, in the same unit. */
    boolean staysBelow() {
      return isUndone() || this == NULLED;
    }

    /** Whether it is for the unique rules to say, and so kept when references are judged. */
    boolean isOfRules() {
      return this == PARKED || this == NULLED;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** In the order of units. */
  @Override
  public int compareTo(Hold other) {
    int byUnit = unit.compareTo(other.unit);
    return byUnit != 0 ? byUnit : kind.compareTo(other.kind);
  }
}
