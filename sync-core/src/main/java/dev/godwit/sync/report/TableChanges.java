package dev.godwit.sync.report;

/**
 * How many changes of each kind a transaction made to one table.
 *
 * @param table the table's name in the space
 * @param inserted rows
 * @param updated rows
 * @param deleted rows
 * @param resolved rows whose conflict it settled
 * @param derived rows changed by a comparison of whole tables, or a migration
 */
public record TableChanges(
    String table, long inserted, long updated, long deleted, long resolved, long derived) {
  /** All of them. */
  public long total() {
    return inserted + updated + deleted + resolved + derived;
  }
}
