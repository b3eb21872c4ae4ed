package dev.godwit.sync.report;

/**
 * A row that a table does not show as the space has it.
 *
 * @param kind in which way
 * @param table the table's name
 * @param key the row's key, as SQL writes it
 * @param reason why, for people
 */
public record HeldBackRow(Kind kind, String table, String key, String reason) {
  /** In which way a row is held back. */
  public enum Kind {
    /** SQLite refused it, in whole or in part. */
    MASKED,
    /** Another row has its key; it is shown under a key of its own. */
    RENUMBERED,
    /** Another row has its key or unique value, or its values break a CHECK; it is not shown. */
    PARKED,
    /** A row that it refers to is not in its table; it is not shown. */
    HIDDEN,
    /** It was deleted and is shown all the same, for a row that refers to it. */
    PINNED,
    /** A reference shows NULL or its default, since the row referred to is not in its table. */
    SUBSTITUTED,
    /** A column shows NULL, since another row has its unique value. */
    NULLED,
    /** A row of a tree is where it was before, or at the root: its move would close a cycle. */
    MOVED_BACK,
    /** A column shows its last writer's value, since the merged one breaks a CHECK or NOT NULL. */
    CHECK
  }
}
