package dev.godwit.sync.change;

import dev.godwit.crdt.causality.HybridTimestamp;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The net effect of one transaction on one row.
 *
 * <p>Positions count columns: first those of the key, from 0, then {@link RowShape#columns} in
 * order.
 *
 * @param shape the table, its key, and the columns that {@code values} is about
 * @param kind what happened
 * @param life whose row
 * @param key the key under which the writer's table shows (for a delete: showed) the row
 * @param time when the writer made the change
 * @param values the columns' values afterwards, one for each of {@code shape.columns()}; for an
 *     insert all columns the writer knows, for a delete none
 * @param before the columns' values before, in the same order, for an update; otherwise empty
 * @param extras what is there only sometimes
 */
public record RowChange(
    RowShape shape,
    Kind kind,
    LifeId life,
    RowKey key,
    HybridTimestamp time,
    List<Value> values,
    List<Before> before,
    RowExtras extras) {
  /** What can happen to a row. The order is that of the wire; additions go to the end. */
  public enum Kind {
    /** The row came to be, or came back: every unit is written. */
    INSERT,
    /** Some columns, or the key, got other values. */
    UPDATE,
    /** The row went away. */
    DELETE,
    /** A conflict was settled; otherwise an update. */
    RESOLUTION,
    /**
     * Made by a whole-table comparison or a data migration: never revives a row, never beats an
     * ordinary write.
     */
    DERIVED
  }

  /**
   * A value before an update: itself, or its length and hash when it is large.
   *
   * @param value the value, null when only the hash is known
   * @param hash the first 16 bytes of SHA-256 over the value's canonical bytes, null when the value
   *     is given
   */
  public record Before(Value value, byte[] hash) {
    /**
     * Values up to this size are sealed whole as {@code before}: most texts that a person compares
     * are shorter.
     */
    public static final int WHOLE_UP_TO_BYTES = 1024;

    public static Before of(Value value) {
      return new Before(value, null);
    }

    /** The value whole, or its hash when it is large. */
    public static Before shortened(Value value) {
      if (value.sizeBytes() <= WHOLE_UP_TO_BYTES) {
        return of(value);
      }
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.canonicalBytes());
        return new Before(null, Arrays.copyOf(hash, 16));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("expected every Java and Android to have SHA-256", e);
      }
    }
  }

  public RowChange {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(life, "life");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(extras, "extras");
    if (key.values().size() != shape.keyColumns().size()) {
      throw new IllegalArgumentException(
          "expected a key of "
              + shape.keyColumns().size()
              + " values in table "
              + shape.table()
              + " but got "
              + key.values().size());
    }
    if (kind != Kind.DELETE && values.size() != shape.columns().size()) {
      throw new IllegalArgumentException(
          "expected "
              + shape.columns().size()
              + " values in table "
              + shape.table()
              + " but got "
              + values.size());
    }
  }

  /** The same change with other extras. */
  public RowChange withExtras(RowExtras others) {
    return new RowChange(shape, kind, life, key, time, values, before, others);
  }

  /**
   * Whether the change writes the key register of its life: at birth, and when the key itself was
   * updated.
   */
  public boolean writesKey() {
    return extras.keyBefore() != null || kind == Kind.INSERT;
  }
}
