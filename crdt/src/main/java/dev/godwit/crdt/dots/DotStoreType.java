package dev.godwit.crdt.dots;

import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;

/**
 * A kind of store: how to begin one, and its bytes.
 *
 * @param <S> the stores
 */
public interface DotStoreType<S extends DotStore<S>> {
  /** A new store without dots. */
  S empty();

  /** Appends a store in its one canonical form. */
  void write(EncodingWriter out, S store);

  /** Reads a store that is not empty or stands at the top. */
  S read(EncodingReader in);
}
