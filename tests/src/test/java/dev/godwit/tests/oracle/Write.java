package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import java.util.Comparator;
import java.util.Objects;

/** One row change with what is needed to tell what it replaces. */
record Write(Transaction transaction, int ordinal, RowChange change) {
  /** Last writer wins: derived ones first, then by time, then by dot. */
  static final Comparator<Write> LAST_WINS =
      Comparator.<Write, Boolean>comparing(write -> !write.isDerived())
          .thenComparing(write -> write.change().time())
          .thenComparing(Write::dot)
          .thenComparing(Write::ordinal);

  /** In the order of their times. */
  static final Comparator<Write> FIRST =
      Comparator.<Write, HybridTimestamp>comparing(write -> write.change().time())
          .thenComparing(Write::dot);

  Dot dot() {
    return transaction.dot();
  }

  boolean isInsert() {
    return change.kind() == RowChange.Kind.INSERT;
  }

  boolean isDelete() {
    return change.kind() == RowChange.Kind.DELETE;
  }

  boolean isDerived() {
    return change.kind() == RowChange.Kind.DERIVED;
  }

  boolean isResolution() {
    return change.kind() == RowChange.Kind.RESOLUTION;
  }

  boolean writesKey() {
    return isInsert() || isDerived() || change.extras().keyBefore() != null;
  }

  boolean writes(String column) {
    return change.shape().columns().contains(column);
  }

  Value value(String column) {
    return change.values().get(change.shape().columns().indexOf(column));
  }

  /** Whether both write the same value, and refer to the same row by it. */
  boolean agrees(Write other, String column) {
    return value(column).equals(other.value(column))
        && Objects.equals(
            change.extras().references().get(position(column)),
            other.change().extras().references().get(other.position(column)));
  }

  /** What the write means to a column that is merged, null for a value as a whole. */
  MergeOperation operation(String column) {
    byte[] bytes = change.extras().merge().get(position(column));
    return bytes == null ? null : MergeOperation.decode(bytes);
  }

  /** The place of a column among those of the change, the key's first. */
  int position(String column) {
    return change.shape().keyColumns().size() + change.shape().columns().indexOf(column);
  }

  /** Whether the author of this write knew the other one, and saw it in the table. */
  boolean saw(Write other) {
    if (dot().equals(other.dot())) {
      return ordinal > other.ordinal;
    }
    boolean known = transaction.dependencies().covers(other.dot());
    if (!change.extras().basedOn().isEmpty()) {
      return known && change.extras().basedOn().contains(other.dot());
    }
    return known && !change.extras().unseen().contains(other.dot());
  }

  /**
   * Whether the author of this delete had seen a reference to the row in the table: it was known
   * there, and not listed as out of the table.
   */
  boolean sawReference(Write reference) {
    boolean known =
        dot().equals(reference.dot()) || transaction.dependencies().covers(reference.dot());
    return known && !change.extras().claims().contains(reference.dot());
  }
}
