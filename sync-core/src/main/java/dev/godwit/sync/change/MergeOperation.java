package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import dev.godwit.crdt.text.TextOperation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a write to a merge column means besides the value that it leaves: how the counter moved,
 * which entries came and went, which letters. Sealed in {@link RowExtras#merge}.
 *
 * <pre>
 * step    = 1, base dot, real 0/1, decimal                       a counter moved by that much
 * reset   = 2, count, (base dot, real 0/1, decimal) *            a counter was set; so much of the steps on earlier bases was seen
 * entries = 3 for a set / 4 for a map, count, (name, content, place) * added, count, (dot, name) * removed
 * edits   = 5, base dot, count, (position, delete count, inserted text) *
 * decimal = scale (signed), unscaled value (two's complement, big-endian)
 * </pre>
 *
 * Numbers, dots and texts are those of {@link EncodingWriter}. A tag that is not known here, or
 * bytes that do not read as drawn, make the change a plain write of its value, on every replica
 * alike. Immutable.
 */
public sealed interface MergeOperation {
  /** The kinds of merge column. The number is the one kept in files. */
  enum Type {
    COUNTER,
    SET,
    MAP,
    TEXT
  }

  /** Entries and letters' runs that one operation may hold. */
  int COUNT_MAX = 1_000_000;

  /** Exact values of finite doubles have at most 1074 decimals. */
  int SCALE_MAX = 1_100;

  /** Sums of very many of the largest finite doubles, exactly: 2^1024 x 10^1074 x 2^64. */
  int UNSCALED_BYTES_MAX = 600;

  /** Which kind of merge column it is about. */
  Type type();

  /** The same operation in a history whose dots were renamed. */
  MergeOperation renamed(UnaryOperator<Dot> names);

  /** The bytes as drawn. */
  byte[] encode();

  /**
   * An amount by which a counter moved, or the sum of several.
   *
   * @param exact how much, exactly
   * @param real whether it left a REAL
   */
  record Amount(BigDecimal exact, boolean real) {
    public Amount plus(Amount other) {
      return new Amount(exact.add(other.exact), real || other.real);
    }
  }

  /**
   * A counter moved.
   *
   * @param base the write that had set it
   */
  record Step(Dot base, Amount amount) implements MergeOperation {
    @Override
    public Type type() {
      return Type.COUNTER;
    }

    @Override
    public MergeOperation renamed(UnaryOperator<Dot> names) {
      return new Step(names.apply(base), amount);
    }

    @Override
    public byte[] encode() {
      EncodingWriter out = new EncodingWriter().writeByte(1).writeDot(base);
      write(out, amount);
      return out.toBytes();
    }
  }

  /**
   * A counter was set.
   *
   * @param seen for each earlier base the sum of the steps on it that the writer had seen: only
   *     what comes on top of that counts on the new value
   */
  record Reset(Map<Dot, Amount> seen) implements MergeOperation {
    public Reset {
      seen = Map.copyOf(seen);
    }

    @Override
    public Type type() {
      return Type.COUNTER;
    }

    @Override
    public MergeOperation renamed(UnaryOperator<Dot> names) {
      Map<Dot, Amount> renamed = new TreeMap<>();
      seen.forEach((dot, amount) -> renamed.put(names.apply(dot), amount));
      return new Reset(renamed);
    }

    @Override
    public byte[] encode() {
      EncodingWriter out = new EncodingWriter().writeByte(2).writeUnsigned(seen.size());
      new TreeMap<>(seen)
          .forEach(
              (dot, amount) -> {
                out.writeDot(dot);
                write(out, amount);
              });
      return out.toBytes();
    }
  }

  /**
   * An entry that a write added.
   *
   * @param name what makes it the same entry elsewhere
   * @param content its JSON text
   * @param place its place among the entries of the write
   */
  record Added(String name, String content, int place) {}

  /** An entry that a write removed: the one which this transaction had added under the name. */
  record Removed(Dot dot, String name) {}

  /** Entries of a set or map came and went. */
  record Entries(Type type, List<Added> added, List<Removed> removed) implements MergeOperation {
    public Entries {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
    }

    @Override
    public MergeOperation renamed(UnaryOperator<Dot> names) {
      List<Removed> renamed = new ArrayList<>();
      removed.forEach(one -> renamed.add(new Removed(names.apply(one.dot()), one.name())));
      return new Entries(type, added, renamed);
    }

    @Override
    public byte[] encode() {
      EncodingWriter out = new EncodingWriter().writeByte(type == Type.SET ? 3 : 4);
      out.writeUnsigned(added.size());
      for (Added one : added) {
        out.writeText(one.name()).writeText(one.content()).writeUnsigned(one.place());
      }
      out.writeUnsigned(removed.size());
      removed.forEach(one -> out.writeDot(one.dot()).writeText(one.name()));
      return out.toBytes();
    }
  }

  /**
   * Letters of a text came and went.
   *
   * @param base the write that had set the whole text
   * @param operations each relative to the text after the ones before it
   */
  record Edits(Dot base, List<TextOperation> operations) implements MergeOperation {
    public Edits {
      operations = List.copyOf(operations);
    }

    @Override
    public Type type() {
      return Type.TEXT;
    }

    @Override
    public MergeOperation renamed(UnaryOperator<Dot> names) {
      return new Edits(names.apply(base), operations);
    }

    @Override
    public byte[] encode() {
      EncodingWriter out = new EncodingWriter().writeByte(5).writeDot(base);
      out.writeUnsigned(operations.size());
      for (TextOperation one : operations) {
        out.writeUnsigned(one.position()).writeUnsigned(one.deleteCount()).writeText(one.insert());
      }
      return out.toBytes();
    }
  }

  /** Writes an amount: real or not, scale, unscaled value. */
  static void write(EncodingWriter out, Amount amount) {
    out.writeByte(amount.real() ? 1 : 0);
    out.writeSigned(amount.exact().scale());
    out.writeBytes(amount.exact().unscaledValue().toByteArray());
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws MalformedEncodingException when it is no amount, or a larger one than sums can be
   */
  static Amount readAmount(EncodingReader in) {
    boolean real = in.readByte() == 1;
    long scale = in.readSigned();
    byte[] unscaled = in.readBytes();
    if (Math.abs(scale) > SCALE_MAX
        || unscaled.length == 0
        || unscaled.length > UNSCALED_BYTES_MAX) {
      throw in.malformed("expected a decimal within what sums of numbers can be");
    }
    return new Amount(new BigDecimal(new BigInteger(unscaled), (int) scale), real);
  }

  /** The operation with these bytes; null when they are of a kind that is not known here. */
  static MergeOperation decode(byte[] bytes) {
    try {
      EncodingReader in = new EncodingReader(bytes);
      MergeOperation operation = decode(in);
      if (operation != null) {
        in.requireEnd();
      }
      return operation;
    } catch (MalformedEncodingException | IllegalArgumentException e) {
      // Not as drawn: then only the value counts, on every replica alike.
      return null;
    }
  }

  private static MergeOperation decode(EncodingReader in) {
    int tag = in.readByte();
    switch (tag) {
      case 1:
        return new Step(in.readDot(), readAmount(in));
      case 2:
        Map<Dot, Amount> seen = new TreeMap<>();
        for (int left = in.readInt(COUNT_MAX); left > 0; left--) {
          seen.put(in.readDot(), readAmount(in));
        }
        return new Reset(seen);
      case 3:
      case 4:
        return entries(in, tag == 3 ? Type.SET : Type.MAP);
      case 5:
        Dot base = in.readDot();
        List<TextOperation> operations = new ArrayList<>();
        for (int left = in.readInt(COUNT_MAX); left > 0; left--) {
          int position = in.readInt(Integer.MAX_VALUE);
          int deleted = in.readInt(Integer.MAX_VALUE);
          operations.add(new TextOperation(position, deleted, in.readText()));
        }
        return new Edits(base, operations);
      default:
        return null;
    }
  }

  private static Entries entries(EncodingReader in, Type type) {
    List<Added> added = new ArrayList<>();
    for (int left = in.readInt(COUNT_MAX); left > 0; left--) {
      String name = in.readText();
      String content = in.readText();
      added.add(new Added(name, content, in.readInt(Integer.MAX_VALUE)));
    }
    List<Removed> removed = new ArrayList<>();
    for (int left = in.readInt(COUNT_MAX); left > 0; left--) {
      Dot dot = in.readDot();
      removed.add(new Removed(dot, in.readText()));
    }
    return new Entries(type, added, removed);
  }
}
