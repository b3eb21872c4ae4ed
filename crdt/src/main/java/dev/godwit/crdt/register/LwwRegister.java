package dev.godwit.crdt.register;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * A register whose last write wins: one value with the time and the dot of its write.
 *
 * <p>The LWW-Register of Johnson and Thomas, "Maintenance of duplicate databases" (RFC 677, 1975)
 * and Shapiro et al. (2011). Merge rule: the later timestamp; when equal, the higher dot. A write
 * is lost when a concurrent one is later: use {@link MultiValueRegister} where that must not be. A
 * dot is used once and timestamps of one replica ascend with its sequences, as {@link
 * dev.godwit.crdt.causality.HybridClock} makes them. Size: the value, a timestamp and a dot;
 * constant cost. Encoded as 0 when empty, else 1, timestamp, dot, value. Immutable.
 *
 * @param <T> the value, which must be immutable
 */
public final class LwwRegister<T> {
  private final T value;
  private final HybridTimestamp time;
  private final Dot dot;

  private LwwRegister(T value, HybridTimestamp time, Dot dot) {
    this.value = value;
    this.time = time;
    this.dot = dot;
  }

  /** The register that nobody has written. */
  public static <T> LwwRegister<T> empty() {
    return new LwwRegister<>(null, HybridTimestamp.ZERO, null);
  }

  /** The register after this one write. */
  public static <T> LwwRegister<T> of(T value, HybridTimestamp time, Dot dot) {
    return new LwwRegister<>(
        Objects.requireNonNull(value, "value"),
        Objects.requireNonNull(time, "time"),
        Objects.requireNonNull(dot, "dot"));
  }

  /** The register after one more write. */
  public LwwRegister<T> write(T newValue, HybridTimestamp newTime, Dot newDot) {
    return merge(of(newValue, newTime, newDot));
  }

  /** Whether nobody has written. */
  public boolean isEmpty() {
    return dot == null;
  }

  /**
   * The value that won.
   *
   * @throws NoSuchElementException when nobody has written
   */
  public T value() {
    requireWritten();
    return value;
  }

  /** The time of the write that won, zero when there is none. */
  public HybridTimestamp time() {
    return time;
  }

  /**
   * The dot of the write that won.
   *
   * @throws NoSuchElementException when nobody has written
   */
  public Dot dot() {
    requireWritten();
    return dot;
  }

  /** The register with the later of both writes. */
  public LwwRegister<T> merge(LwwRegister<T> other) {
    if (other.isEmpty() || dot != null && compareTo(other) >= 0) {
      return this;
    }
    return other;
  }

  /** The dot of the write that won. */
  public VersionVector version() {
    return isEmpty() ? VersionVector.empty() : VersionVector.empty().with(dot);
  }

  /** This register, or the empty one when a version has it. */
  public LwwRegister<T> deltaSince(VersionVector version) {
    return isEmpty() || version.covers(dot) ? empty() : this;
  }

  /** The canonical bytes. */
  public byte[] encode(ValueCodec<T> codec) {
    EncodingWriter out = new EncodingWriter();
    out.writeByte(isEmpty() ? 0 : 1);
    if (!isEmpty()) {
      out.writeUnsigned(time.packed()).writeDot(dot);
      codec.write(out, value);
    }
    return out.toBytes();
  }

  /** The register of these bytes. */
  public static <T> LwwRegister<T> decode(byte[] encoded, ValueCodec<T> codec) {
    EncodingReader in = new EncodingReader(encoded);
    int written = in.readByte();
    if (written > 1) {
      throw in.malformed("expected 0 or 1 before this but got " + written);
    }
    LwwRegister<T> register = empty();
    if (written == 1) {
      HybridTimestamp time = new HybridTimestamp(in.readUnsigned(Long.MAX_VALUE));
      Dot dot = in.readDot();
      register = of(codec.read(in), time, dot);
    }
    in.requireEnd();
    return register;
  }

  private int compareTo(LwwRegister<T> other) {
    int byTime = time.compareTo(other.time);
    return byTime != 0 ? byTime : dot.compareTo(other.dot);
  }

  private void requireWritten() {
    if (isEmpty()) {
      throw new NoSuchElementException("expected a register that was written but got an empty one");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LwwRegister<?> that
        && Objects.equals(value, that.value)
        && time.equals(that.time)
        && Objects.equals(dot, that.dot);
  }

  @Override
  public int hashCode() {
    return Objects.hash(value, time, dot);
  }

  @Override
  public String toString() {
    return isEmpty() ? "nothing" : value + " at " + time + " by " + dot;
  }
}
