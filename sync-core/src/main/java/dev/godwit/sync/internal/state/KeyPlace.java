package dev.godwit.sync.internal.state;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.TrackedTable;
import java.nio.ByteBuffer;

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
        : left.equals(right) || canonical(reference, left).equals(canonical(reference, right));
  }

  /** Values of a reference that is not to a key: equal for those that SQLite holds equal. */
  public static ByteBuffer canonical(TrackedTable.Reference reference, RowKey values) {
    return ByteBuffer.wrap(KeyCodec.encode(values, reference.referred()));
  }

  /** Whether SQLite holds these keys of the table equal. */
  public static boolean same(TrackedTable table, RowKey left, RowKey right) {
    return left.equals(right) || of(table, left).equals(of(table, right));
  }
}
