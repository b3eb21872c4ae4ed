package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import java.util.Objects;

/**
 * The part of an envelope that every carrier can read for ever: whose transaction it is, what it
 * follows, how long the body is.
 *
 * <p>An <em>envelope</em> is one sealed transaction as it travels and as it is kept: this header,
 * then the body, which only replicas read. Both are frozen when the envelope is first offered to
 * anybody, and forwarded unchanged.
 *
 * <pre>
 * envelope  = header body
 * header    = CBOR array of 7, every item in its shortest form and of definite length (RFC 8949, 4.2.1):
 *   0  format version             unsigned   1
 *   1  space                      bytes(16)
 *   2  replica                    bytes(16)
 *   3  sequence                   unsigned   1 … 2^63−1
 *   4  predecessor's hash         bytes(32)  zeros for sequence 1
 *   5  key epoch                  unsigned   0: not encrypted
 *   6  body length in bytes       unsigned   0 … 2^40
 * body      = exactly so many bytes, opaque
 * hash      = SHA-256(header body)
 * part i    = bytes [i · 1,048,576, (i + 1) · 1,048,576) of the envelope; the last one may be shorter
 *
 * sample    87 01 50 …16… 50 …16… 07 5820 …32… 00 19 0400     sequence 7, body of 1,024 bytes
 * </pre>
 *
 * <p>Between {@value #MIN_LENGTH_BYTES} and {@value #MAX_LENGTH_BYTES} bytes, so it always lies
 * within part 0. Decoding is strict: any other spelling of the same values is refused, so header
 * and bytes determine each other. Written by hand because of that, and because a general parser
 * reads ahead into the body. Immutable.
 *
 * @param space the space it belongs to
 * @param replica whose transaction it is
 * @param sequence its number there, from 1 without gaps
 * @param predecessor the hash of the same replica's envelope before it, {@link EnvelopeHash#NONE}
 *     for sequence 1
 * @param keyEpoch under which key of the space the body is encrypted, 0 for none
 * @param bodyLengthBytes the length of the body
 */
public record EnvelopeHeader(
    SpaceId space,
    ReplicaId replica,
    long sequence,
    EnvelopeHash predecessor,
    long keyEpoch,
    long bodyLengthBytes) {
  /** The one format version there is. */
  public static final int FORMAT_VERSION = 1;

  /** The shortest header: all three numbers in one byte. */
  public static final int MIN_LENGTH_BYTES = 73;

  /** The longest header: all three numbers in nine bytes. */
  public static final int MAX_LENGTH_BYTES = 97;

  /**
   * The longest body that the format allows, 1 TiB: part counts stay far within an {@code int}.
   * Carriers allow less.
   */
  public static final long MAX_BODY_LENGTH_BYTES = 1L << 40;

  private static final int ITEMS = 7;
  private static final int UNSIGNED = 0;
  private static final int BYTES = 2;
  private static final int ARRAY = 4;

  public EnvelopeHeader {
    Objects.requireNonNull(space, "space");
    Objects.requireNonNull(replica, "replica");
    Objects.requireNonNull(predecessor, "predecessor");
    requireRange("sequence", sequence, 1, Long.MAX_VALUE);
    requireRange("key epoch", keyEpoch, 0, Long.MAX_VALUE);
    requireRange("body length in bytes", bodyLengthBytes, 0, MAX_BODY_LENGTH_BYTES);
    if ((sequence == 1) != predecessor.equals(EnvelopeHash.NONE)) {
      throw new IllegalArgumentException(
          "expected a predecessor's hash of zeros at sequence 1 and only there but got "
              + predecessor.shortText()
              + " at sequence "
              + sequence
              + " of replica "
              + replica.shortText());
    }
  }

  /** The event this envelope carries. */
  public Dot dot() {
    return new Dot(replica, sequence);
  }

  /** The length of the header itself. */
  public int lengthBytes() {
    return MIN_LENGTH_BYTES
        - 3
        + numberLengthBytes(sequence)
        + numberLengthBytes(keyEpoch)
        + numberLengthBytes(bodyLengthBytes);
  }

  /** The length of the whole envelope, header and body. */
  public long envelopeLengthBytes() {
    return lengthBytes() + bodyLengthBytes;
  }

  /** In how many parts the envelope travels, at least 1. */
  public int partCount() {
    return EnvelopePart.count(envelopeLengthBytes());
  }

  /** The header's bytes. */
  public byte[] encode() {
    Output output = new Output(lengthBytes());
    output.head(ARRAY, ITEMS);
    output.head(UNSIGNED, FORMAT_VERSION);
    output.bytes(space.bytes());
    output.bytes(replica.bytes());
    output.head(UNSIGNED, sequence);
    output.bytes(predecessor.bytes());
    output.head(UNSIGNED, keyEpoch);
    output.head(UNSIGNED, bodyLengthBytes);
    return output.bytes;
  }

  /**
   * The header at the start of these bytes, which may go on with the body; {@link #lengthBytes()}
   * says where that begins.
   *
   * @throws MalformedEnvelopeException when the bytes do not begin with a header of a known version
   */
  public static EnvelopeHeader decode(byte[] bytes) {
    Input input = new Input(bytes);
    input.expect("array of " + ITEMS, input.head(ARRAY, "header array"), ITEMS);
    long version = input.head(UNSIGNED, "format version");
    if (version != FORMAT_VERSION) {
      throw new UnknownEnvelopeVersionException(version);
    }
    SpaceId space = SpaceId.of(input.bytes(SpaceId.LENGTH_BYTES, "space"));
    ReplicaId replica = ReplicaId.of(input.bytes(ReplicaId.LENGTH_BYTES, "replica"));
    long sequence = input.head(UNSIGNED, "sequence");
    EnvelopeHash predecessor =
        EnvelopeHash.of(input.bytes(EnvelopeHash.LENGTH_BYTES, "predecessor's hash"));
    long keyEpoch = input.head(UNSIGNED, "key epoch");
    long bodyLengthBytes = input.head(UNSIGNED, "body length");
    try {
      return new EnvelopeHeader(space, replica, sequence, predecessor, keyEpoch, bodyLengthBytes);
    } catch (IllegalArgumentException refused) {
      throw new MalformedEnvelopeException(refused.getMessage() + " in an envelope header");
    }
  }

  private static void requireRange(String noun, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected a " + noun + " of " + least + " to " + most + " but got " + value);
    }
  }

  private static int numberLengthBytes(long value) {
    if (value < 24) {
      return 1;
    }
    if (value <= 0xff) {
      return 2;
    }
    if (value <= 0xffff) {
      return 3;
    }
    return value <= 0xffff_ffffL ? 5 : 9;
  }

  /** Writes CBOR heads (major type and number) in their shortest form. */
  private static final class Output {
    private final byte[] bytes;
    private int position;

    Output(int lengthBytes) {
      bytes = new byte[lengthBytes];
    }

    void head(int majorType, long value) {
      int lengthBytes = numberLengthBytes(value);
      int information =
          lengthBytes == 1 ? (int) value : 24 + Integer.numberOfTrailingZeros(lengthBytes - 1);
      bytes[position++] = (byte) (majorType << 5 | information);
      for (int shift = 8 * (lengthBytes - 2); shift >= 0; shift -= 8) {
        bytes[position++] = (byte) (value >>> shift);
      }
    }

    void bytes(byte[] value) {
      head(BYTES, value.length);
      System.arraycopy(value, 0, bytes, position, value.length);
      position += value.length;
    }
  }

  /** Reads what {@link Output} writes and nothing else. */
  private static final class Input {
    private final byte[] bytes;
    private int position;

    Input(byte[] bytes) {
      this.bytes = bytes;
    }

    long head(int majorType, String noun) {
      int start = position;
      int initial = next(noun);
      int information = initial & 0x1f;
      if (initial >> 5 != majorType || information > 27) {
        throw new MalformedEnvelopeException(
            "expected "
                + noun
                + " but got CBOR byte "
                + initial
                + " at byte "
                + start
                + " of an envelope header");
      }
      if (information < 24) {
        return information;
      }
      long value = 0;
      for (int left = 1 << (information - 24); left > 0; left--) {
        value = value << 8 | next(noun);
      }
      if (value < 0 || numberLengthBytes(value) != position - start) {
        throw new MalformedEnvelopeException(
            "expected "
                + noun
                + " in its shortest form and below 2^63 at byte "
                + start
                + " of an envelope header");
      }
      return value;
    }

    byte[] bytes(int lengthBytes, String noun) {
      expect(noun + " of " + lengthBytes + " bytes", head(BYTES, noun), lengthBytes);
      byte[] value = new byte[lengthBytes];
      if (bytes.length - position < lengthBytes) {
        throw truncated(noun);
      }
      System.arraycopy(bytes, position, value, 0, lengthBytes);
      position += lengthBytes;
      return value;
    }

    void expect(String noun, long actual, long expected) {
      if (actual != expected) {
        throw new MalformedEnvelopeException(
            "expected " + noun + " but got " + actual + " in an envelope header");
      }
    }

    private int next(String noun) {
      if (position >= bytes.length) {
        throw truncated(noun);
      }
      return bytes[position++] & 0xff;
    }

    private MalformedEnvelopeException truncated(String noun) {
      return new MalformedEnvelopeException(
          "expected " + noun + " but the envelope header ends after " + bytes.length + " bytes");
    }
  }
}
