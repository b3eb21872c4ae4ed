package dev.godwit.sync.internal.state;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys as bytes in Godwit's tables: equal bytes for keys that SQLite holds equal. Each value is its
 * canonical bytes behind their length (4 bytes); decoding gives a key that finds the same row, in
 * some spelling.
 */
public final class KeyCodec {
  private KeyCodec() {}

  public static byte[] encode(RowKey key, List<KeyColumn> columns) {
    List<byte[]> parts = new ArrayList<>();
    int size = 0;
    for (int i = 0; i < columns.size(); i++) {
      byte[] part = columns.get(i).canonical(key.values().get(i));
      parts.add(part);
      size += part.length + 4;
    }
    ByteBuffer buffer = ByteBuffer.allocate(size);
    parts.forEach(part -> buffer.putInt(part.length).put(part));
    return buffer.array();
  }

  public static RowKey decode(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    List<Value> values = new ArrayList<>();
    while (buffer.hasRemaining()) {
      byte[] part = new byte[buffer.getInt()];
      buffer.get(part);
      values.add(value(part));
    }
    return new RowKey(values);
  }

  /** The value with these canonical bytes. */
  public static Value value(byte[] canonical) {
    return Value.ofCanonical(canonical);
  }
}
