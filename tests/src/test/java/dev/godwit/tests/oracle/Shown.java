package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;

/**
 * What one column of one row shows, before a reference follows the row that it means.
 *
 * @param write the write that is shown, of a column that is merged the last writer's
 * @param value its value, or what merging makes of it
 */
record Shown(Write write, Value value) {
  static Shown of(Write write, String column) {
    return new Shown(write, write.value(column));
  }
}
