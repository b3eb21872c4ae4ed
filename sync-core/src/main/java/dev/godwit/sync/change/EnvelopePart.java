package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import java.util.Arrays;
import java.util.Objects;

/**
 * One piece of an envelope, as every carrier moves it: at most {@value #MAX_LENGTH_BYTES} bytes.
 *
 * <p>Where an envelope is cut is fixed (see {@link EnvelopeHeader}): all parts but the last are
 * exactly that long, so any two carriers cut alike and a transfer can go on, over another carrier
 * too, after the last part that arrived. Parts of an envelope that needs several name the whole
 * envelope's hash, so that two contents of one dot never mix; a part that is the whole envelope
 * needs none, it <em>is</em> its evidence. The header lies wholly in part 0.
 *
 * <p>The constructor checks that index, count and length fit together. The array is not copied:
 * whoever made the part must not change it any more.
 */
public final class EnvelopePart {
  /**
   * Length of every part but the last, 1 MiB: what a phone can hold a few of, and one write of a
   * relay.
   */
  public static final int MAX_LENGTH_BYTES = 1 << 20;

  private final Dot dot;
  private final int index;
  private final int count;
  private final EnvelopeHash hash;
  private final byte[] bytes;

  private EnvelopePart(Dot dot, int index, int count, EnvelopeHash hash, byte[] bytes) {
    this.dot = dot;
    this.index = index;
    this.count = count;
    this.hash = hash;
    this.bytes = bytes;
  }

  /**
   * An envelope that fits in one part. Its hash is computed here.
   *
   * @throws MalformedEnvelopeException when the length does not fit
   */
  public static EnvelopePart whole(Dot dot, byte[] envelopeBytes) {
    return of(dot, 0, 1, EnvelopeHash.ofEnvelope(envelopeBytes), envelopeBytes);
  }

  /**
   * As {@link #whole(Dot, byte[])}, when the hash is known already and need not be computed again.
   */
  public static EnvelopePart whole(Dot dot, EnvelopeHash hash, byte[] envelopeBytes) {
    return of(dot, 0, 1, hash, envelopeBytes);
  }

  /**
   * One part.
   *
   * @param dot the event whose envelope it is a part of
   * @param index its place, from 0
   * @param count in how many parts the envelope travels
   * @param hash of the whole envelope; a claim until all parts are there
   * @param bytes its bytes, kept without copying
   * @throws MalformedEnvelopeException when these do not fit together
   */
  public static EnvelopePart of(Dot dot, int index, int count, EnvelopeHash hash, byte[] bytes) {
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(hash, "hash");
    boolean last = index == count - 1;
    if (index < 0 || index >= count) {
      throw new MalformedEnvelopeException(
          "expected a part index below " + count + " but got " + index + " of " + dot);
    }
    if (bytes.length > MAX_LENGTH_BYTES
        || bytes.length == 0
        || !last && bytes.length < MAX_LENGTH_BYTES) {
      throw new MalformedEnvelopeException(
          "expected "
              + (last ? "1 to " : "")
              + MAX_LENGTH_BYTES
              + " bytes but got "
              + bytes.length
              + " in part "
              + index
              + " of "
              + count
              + " of "
              + dot);
    }
    return new EnvelopePart(dot, index, count, hash, bytes);
  }

  /** How many parts an envelope of this length has. */
  public static int count(long envelopeLengthBytes) {
    return (int) ((envelopeLengthBytes + MAX_LENGTH_BYTES - 1) / MAX_LENGTH_BYTES);
  }

  /** The event whose envelope it is a part of. */
  public Dot dot() {
    return dot;
  }

  /** Its place, from 0. */
  public int index() {
    return index;
  }

  /** In how many parts the envelope travels, at least 1. */
  public int count() {
    return count;
  }

  /**
   * The hash of the whole envelope: computed from the bytes when {@link #isWhole()}, otherwise the
   * sender's claim.
   */
  public EnvelopeHash hash() {
    return hash;
  }

  /** Its bytes, not copied: do not change them. */
  public byte[] bytes() {
    return bytes;
  }

  /** Whether this part is the whole envelope. */
  public boolean isWhole() {
    return count == 1;
  }

  /** Whether the envelope ends with this part. */
  public boolean isLast() {
    return index == count - 1;
  }

  /**
   * The header, which part 0 begins with.
   *
   * @throws IllegalStateException on any other part
   * @throws MalformedEnvelopeException when part 0 does not begin with a header, or the header
   *     tells of another dot, part count or length than the part
   */
  public EnvelopeHeader header() {
    if (index != 0) {
      throw new IllegalStateException(
          "expected part 0, which holds the header, but this is part " + index);
    }
    EnvelopeHeader header = EnvelopeHeader.decode(bytes);
    if (!header.dot().equals(dot)
        || header.partCount() != count
        || count == 1 && header.envelopeLengthBytes() != bytes.length) {
      throw new MalformedEnvelopeException(
          "expected the header of "
              + dot
              + " in "
              + count
              + " parts but part 0, of "
              + bytes.length
              + " bytes, holds that of "
              + header.dot()
              + " with "
              + header.envelopeLengthBytes()
              + " bytes");
    }
    return header;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EnvelopePart that
        && dot.equals(that.dot)
        && index == that.index
        && count == that.count
        && hash.equals(that.hash)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dot, index, count, hash);
  }

  @Override
  public String toString() {
    return "part " + index + " of " + count + " of " + dot + " (" + bytes.length + " bytes)";
  }
}
