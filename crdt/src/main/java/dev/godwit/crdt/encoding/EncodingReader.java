package dev.godwit.crdt.encoding;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Reads what {@link EncodingWriter} wrote and refuses everything else with the position of the
 * fault.
 *
 * <p>No length or count is trusted before as many bytes are seen to be there, so that memory stays
 * within a small multiple of the input. Not thread safe.
 */
public final class EncodingReader {
  private final byte[] bytes;
  private int position;

  /** Reads these bytes from the first on; they must not change meanwhile. */
  public EncodingReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The index of the next byte. */
  public int position() {
    return position;
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.length - position;
  }

  /** A fault at the next byte. */
  public MalformedEncodingException malformed(String message) {
    return new MalformedEncodingException(message, position);
  }

  /** Refuses bytes after the end of what was read. */
  public void requireEnd() {
    if (remaining() > 0) {
      throw malformed("expected the end but got " + remaining() + " more bytes");
    }
  }

  /** One byte, as 0 … 255. */
  public int readByte() {
    requireRemaining(1, "a byte");
    return bytes[position++] & 0xff;
  }

  /** A byte that must be this one; the noun says what it stands for. */
  public void readExactly(int expected, String noun) {
    int at = position;
    int found = readByte();
    if (found != expected) {
      throw new MalformedEncodingException(
          "expected " + noun + " " + expected + " but got " + found, at);
    }
  }

  /** A number from 0 to the limit. */
  public long readUnsigned(long limit) {
    int at = position;
    long value = readGroups();
    if (value < 0 || value > limit) {
      throw new MalformedEncodingException(
          "expected a number within 0 … " + limit + " but got " + Long.toUnsignedString(value), at);
    }
    return value;
  }

  /** A number from 0 to the limit, as an int. */
  public int readInt(int limit) {
    return (int) readUnsigned(limit);
  }

  /** A number of either sign. */
  public long readSigned() {
    long zigzag = readGroups();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** A count of things that take at least so many bytes each, all of which must be there. */
  public int readCount(int leastBytesEach) {
    int at = position;
    long count = readUnsigned(Integer.MAX_VALUE);
    if (count * leastBytesEach > remaining()) {
      throw new MalformedEncodingException(
          "expected at most "
              + remaining() / leastBytesEach
              + " entries in "
              + remaining()
              + " bytes but got "
              + count,
          at);
    }
    return (int) count;
  }

  /** So many bytes as they are. */
  public byte[] readRaw(int count) {
    requireRemaining(count, count + " bytes");
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  /** A byte string after its length. */
  public byte[] readBytes() {
    return readRaw(readCount(1));
  }

  /** A text in UTF-8 after its length in bytes. */
  public String readText() {
    int count = readCount(1);
    int at = position;
    return decodeText(readRaw(count), at);
  }

  /** The text of UTF-8 bytes, whose first one is at this position. */
  public static String decodeText(byte[] utf8, int at) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(utf8))
          .toString();
    } catch (CharacterCodingException broken) {
      throw new MalformedEncodingException("expected UTF-8 in the " + utf8.length + " bytes", at);
    }
  }

  /** The 16 bytes of an id. */
  public ReplicaId readReplica() {
    return ReplicaId.of(readRaw(ReplicaId.LENGTH_BYTES));
  }

  /** A replica id above the previous one of its list, which is null for the first. */
  public ReplicaId readReplicaAfter(ReplicaId previous) {
    int at = position;
    ReplicaId replica = readReplica();
    if (previous != null && previous.compareTo(replica) >= 0) {
      throw new MalformedEncodingException(
          "expected a replica id above " + previous + " but got " + replica, at);
    }
    return replica;
  }

  /** Replica, then sequence. */
  public Dot readDot() {
    ReplicaId replica = readReplica();
    return new Dot(replica, readSequence());
  }

  /** A number of at least 1. */
  public long readSequence() {
    int at = position;
    long sequence = readUnsigned(Long.MAX_VALUE);
    if (sequence == 0) {
      throw new MalformedEncodingException("expected a sequence of at least 1 but got 0", at);
    }
    return sequence;
  }

  /** The number of entries, then replica and sequence of each, ascending. */
  public VersionVector readVector() {
    int count = readCount(ReplicaId.LENGTH_BYTES + 1);
    TreeMap<ReplicaId, Long> entries = new TreeMap<>();
    ReplicaId previous = null;
    for (int i = 0; i < count; i++) {
      previous = readReplicaAfter(previous);
      entries.put(previous, readSequence());
    }
    return VersionVector.of(entries);
  }

  /**
   * Seven bits a byte, the least first; the last byte of more than one is not 0, and no bit is
   * above the 64th.
   */
  private long readGroups() {
    int at = position;
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int group = readByte();
      boolean overflows = shift == 63 && group > 1;
      boolean padded = group == 0 && shift > 0;
      if (overflows || padded) {
        throw new MalformedEncodingException(
            "expected a number in its shortest form of at most 64 bits", at);
      }
      value |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        return value;
      }
    }
    throw new MalformedEncodingException("expected a number of at most 64 bits", at);
  }

  private void requireRemaining(int count, String noun) {
    if (count > remaining()) {
      throw malformed("expected " + noun + " but got the end, " + remaining() + " bytes on");
    }
  }
}
