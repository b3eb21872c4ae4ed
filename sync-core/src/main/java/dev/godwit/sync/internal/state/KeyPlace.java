package dev.godwit.sync.internal.state;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.TrackedTable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A key of a table, whatever its spelling: equal for keys that SQLite holds equal.
 *
 * @param table the table's local number
 * @param key the key as {@link KeyCodec} encodes it
 */
public record KeyPlace(int table, ByteBuffer key) {
  public static KeyPlace of(TrackedTable table, RowKey key) {
    return new KeyPlace(table.number(), ByteBuffer.wrap(KeyCodec.encode(key, table.keyColumns())));
  }

  /** The key in some spelling. */
  public RowKey anySpelling() {
    return KeyCodec.decode(key.array());
  }

  /** Whether SQLite holds these values of a reference equal, of a row of the table referred to. */
  public static boolean same(
      TrackedTable parent, TrackedTable.Reference reference, RowKey left, RowKey right) {
    return reference.isToKey()
        ? same(parent, left, right)
        : left.equals(right)
            || Arrays.equals(
                KeyCodec.encode(left, reference.referred()),
                KeyCodec.encode(right, reference.referred()));
  }

  /** Whether SQLite holds these keys of the table equal. */
  public static boolean same(TrackedTable table, RowKey left, RowKey right) {
    return left.equals(right) || of(table, left).equals(of(table, right));
  }
}
