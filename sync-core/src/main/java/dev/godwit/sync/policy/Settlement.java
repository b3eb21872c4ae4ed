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
 * unique         that row gets the value, the      the row that is  no                   no
 *                other one is out of its table     out gets it
 *                or shows NULL; of a row that      or shows NULL
 *                shows NULL the other one: NULL
 *                is what is meant
 * foreign key    the row that refers: restore; the the row that     restore              the row referred to
 *                delete: the row that refers is    refers gets it                        comes back, with
 *                deleted, or keeps the NULL or     as its                                what that needs
 *                default that it shows             reference
 * cycle          the other move: the row stays  the row moves    no                   no
 *                where it is shown              there
 * check          that version, of a column         that value, of   no                   no
 *                                                  a column
 * </pre>
 *
 * Where several columns are unique together no one value is enough, and a row that a CHECK keeps
 * out needs several too: they are written with SQL, as is what a device of its own refuses. A row
 * that is kept in its table for others that refer to it cannot be deleted before them.
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
