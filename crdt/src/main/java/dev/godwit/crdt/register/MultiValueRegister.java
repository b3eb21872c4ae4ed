package dev.godwit.crdt.register;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.dots.CausalState;
import dev.godwit.crdt.dots.DotStoreType;
import dev.godwit.crdt.dots.DotValues;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.List;

/**
 * A register that keeps every value written concurrently, until a write that has seen them replaces
 * them.
 *
 * <p>DeCandia et al., "Dynamo" (2007), in the form of Almeida et al., "Delta State Replicated Data
 * Types" (2018). Merge rule: a value stays unless a write that had seen it replaced it. Size: the
 * concurrent values with their dots, and one vector; cost linear in that. Mutable, not thread safe.
 *
 * @param <T> the values, which must be immutable
 */
public final class MultiValueRegister<T> extends CausalState<DotValues<T>, MultiValueRegister<T>> {
  /** A register that nobody has written. */
  public MultiValueRegister(ValueCodec<T> codec) {
    super(type(codec));
  }

  private MultiValueRegister(ValueCodec<T> codec, byte[] encoded) {
    super(type(codec), encoded);
  }

  private MultiValueRegister(MultiValueRegister<T> original) {
    super(original);
  }

  /** The kind of store inside, for deltas and for nesting. */
  public static <T> DotStoreType<DotValues<T>> type(ValueCodec<T> codec) {
    return DotValues.type(codec);
  }

  /** The register of these bytes. */
  public static <T> MultiValueRegister<T> decode(byte[] encoded, ValueCodec<T> codec) {
    return new MultiValueRegister<>(codec, encoded);
  }

  /** Writes a value in place of all that are here. */
  public void write(ReplicaId replica, T value) {
    store().assign(nextDot(replica), value);
  }

  /** Removes all values that are here. */
  public void clear() {
    store().clear();
  }

  /**
   * The values, in the order of their dots; none before the first write, several after concurrent
   * ones.
   */
  public List<T> values() {
    return store().values();
  }

  /** An independent register of the same content. */
  public MultiValueRegister<T> copy() {
    return new MultiValueRegister<>(this);
  }
}
