package dev.godwit.tests.oracle;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;

/**
 * What one column of one row shows, before a reference follows the row that it means.
 *
 * @param write the write that is shown, of a column that is merged the last writer's
 * @param value its value, or what merging makes of it
 * @param move of the parent column of a tree, what is shown of the write
 */
record Shown(Write write, Value value, Move move) {
  Shown(Write write, Value value) {
    this(write, value, Move.STANDS);
  }

  static Shown of(Write write, String column) {
    return new Shown(write, write.value(column));
  }

  /** The row to which the column referred before the write, null for none. */
  LifeId origin(String column) {
    return write.change().extras().origins().get(write.position(column));
  }

  /** The same with a move that may not be shown. */
  Shown moved(String column, Move to) {
    return switch (to) {
      case STANDS -> this;
      case ROOTED -> new Shown(write, Value.NULL, to);
      case RETURNED -> {
        RowChange.Before before =
            write.change().before().get(write.change().shape().columns().indexOf(column));
        yield new Shown(write, before.value() == null ? value : before.value(), to);
      }
    };
  }
}
