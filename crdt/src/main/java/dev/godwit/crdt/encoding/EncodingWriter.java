package dev.godwit.crdt.encoding;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends values to a growing array of bytes in their canonical form. Not thread safe. */
public final class EncodingWriter {
  private byte[] bytes = new byte[64];
  private int size;

  /** The number of bytes written. */
  public int size() {
    return size;
  }

  /** A copy of the bytes written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** One byte. */
  public EncodingWriter writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** A number of at least 0, in one byte for each seven bits. */
  public EncodingWriter writeUnsigned(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("expected a number of at least 0 but got " + value);
    }
    reserve(10);
    long left = value;
    while (left > 0x7f) {
      bytes[size++] = (byte) (left & 0x7f | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  /** A number of either sign, small magnitudes in few bytes. */
  public EncodingWriter writeSigned(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    reserve(10);
    while ((zigzag & ~0x7fL) != 0) {
      bytes[size++] = (byte) (zigzag & 0x7f | 0x80);
      zigzag >>>= 7;
    }
    bytes[size++] = (byte) zigzag;
    return this;
  }

  /** Bytes as they are. */
  public EncodingWriter writeRaw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** A byte string after its length. */
  public EncodingWriter writeBytes(byte[] value) {
    return writeUnsigned(value.length).writeRaw(value);
  }

  /** A text in UTF-8 after its length in bytes. */
  public EncodingWriter writeText(String value) {
    return writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The 16 bytes of an id. */
  public EncodingWriter writeReplica(ReplicaId replica) {
    return writeRaw(replica.bytes());
  }

  /** Replica, then sequence. */
  public EncodingWriter writeDot(Dot dot) {
    return writeReplica(dot.replica()).writeUnsigned(dot.sequence());
  }

  /** The number of entries, then replica and sequence of each in the order of replicas. */
  public EncodingWriter writeVector(VersionVector vector) {
    writeUnsigned(vector.size());
    vector.entries().forEach((replica, sequence) -> writeReplica(replica).writeUnsigned(sequence));
    return this;
  }

  private void reserve(int count) {
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
  }
}
