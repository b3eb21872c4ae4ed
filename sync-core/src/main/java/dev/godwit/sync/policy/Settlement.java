package dev.godwit.sync.policy;

import dev.godwit.sync.change.Value;

/**
 * How somebody settles a conflict. Which conflicts each fits:
 *
 * <pre>
 *                take N                            value            keep both            restore
 * edit/edit      that version, with its group      that value       no                   no
 * edit/delete    the edit keeps the row, the       no               no                   keeps the row
 *                delete deletes it
 * key collision  that row gets the key, the        the rows that    every row keeps the  no
 *                others a free one                 lost get it      key that it shows
 * foreign key    no                                no               no                   the row referred to
 * </pre>
 *
 * What a table of its own refuses, and unique values, are settled by writing another value with
 * SQL.
 */
public sealed interface Settlement {
  /**
   * One of the siblings.
   *
   * @param number its number in the list, from 1
   */
  record Take(int number) implements Settlement {}

  /** Another value. */
  record Write(Value value) implements Settlement {}

  /** All rows stay. */
  record KeepBoth() implements Settlement {}

  /** The row that was deleted comes back. */
  record Restore() implements Settlement {}
}
