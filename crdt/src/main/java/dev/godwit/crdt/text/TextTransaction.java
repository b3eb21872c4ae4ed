package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import java.util.List;
import java.util.Objects;

/**
 * What one replica did to one text at once: operations relative to the version their author saw.
 *
 * <p>The dot and the dependencies may be those of a transaction on more than this text, so that
 * numbers may be missing between the transactions of one text. Immutable.
 *
 * @param dot who did it, and the how-manieth of that replica it was
 * @param dependencies everything the author had seen; the author's own earlier transactions are
 *     implied
 * @param operations in the order in which they were done, each relative to the text after the ones
 *     before it
 */
public record TextTransaction(Dot dot, VersionVector dependencies, List<TextOperation> operations) {
  public TextTransaction {
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(dependencies, "dependencies");
    operations = List.copyOf(operations);
  }
}
