package dev.godwit.sync.internal.state;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.MergeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The bytes of {@code godwit_row.units} and {@code godwit_row.state}; local, never sent.
 *
 * <pre>
 * units  = (2 x column number + 1 for a resolution, replica number, sequence, time) *
 *                                                     units written after the key, of a simple life
 * state  = flags, mask, presences, key versions, merge states, undone moves, outlived writes,
 *          (column number, versions) *
 * mask   = reason, count, values of the key that others show
 * flags  = 1 visible, 2 masked, 4 born under another key: behind the key versions follows that one,
 *          8 has merge states, 16 has undone moves, 32 has outlived writes
 * merge states = count, (column number, count, (type, length, bytes) *) *     for columns to which operations were made
 * undone moves = count, (column number, 0 shown where it was / 1 at the root) *
 * outlived writes = count, (replica number, sequence) *       that somebody had seen who deleted the row
 * </pre>
 *
 * Numbers are variable-length, seven bits a byte, lowest first.
 */
public final class StateCodec {
  private static final int VISIBLE = 1;
  private static final int MASKED = 2;
  private static final int BORN_ELSEWHERE = 4;
  private static final int MERGED = 8;
  private static final int UNDONE = 16;
  private static final int OUTLIVED = 32;
  private static final int DERIVED = 1;
  private static final int BARE = 2;
  private static final int REFERENCE = 4;
  private static final int PRESENT = 8;
  private static final int RESOLUTION = 16;
  private static final int OUT_OF_SIGHT = 32;
  private static final int ORIGIN = 64;

  private final Catalog catalog;
  private final Replicas replicas;

  public StateCodec(Catalog catalog, Replicas replicas) {
    this.catalog = catalog;
    this.replicas = replicas;
  }

  /** The units of a simple life that differ from its base; null when none does. */
  byte[] units(RowState row, Dot base) {
    if (row.state().isNewborn()) {
      return null;
    }
    ByteArrayOutputStream bytes = null;
    for (Map.Entry<String, List<Version>> entry : row.state().units().entrySet()) {
      Version version = entry.getValue().get(0);
      if (!version.dot().equals(base)) {
        bytes = bytes == null ? new ByteArrayOutputStream() : bytes;
        long column = catalog.columnNumber(row.table(), entry.getKey());
        number(bytes, column << 1 | (version.resolution() ? 1 : 0));
        dot(bytes, version.dot());
        number(bytes, version.time().packed());
      }
    }
    return bytes == null ? null : bytes.toByteArray();
  }

  Map<String, Version> units(int table, byte[] bytes) {
    Map<String, Version> units = new HashMap<>();
    Input in = new Input(bytes);
    while (in.hasMore()) {
      long column = in.number();
      boolean resolution = (column & 1) != 0;
      units.put(
          catalog.columnName(table, (int) (column >>> 1)),
          new Version(
              in.dot(),
              new HybridTimestamp(in.number()),
              false,
              null,
              null,
              false,
              resolution,
              null));
    }
    return units;
  }

  byte[] state(RowState row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    KeyVersion birth = row.state().birth();
    bytes.write(
        (row.isVisible() ? VISIBLE : 0)
            | (row.masked() != null ? MASKED : 0)
            | (birth != null ? BORN_ELSEWHERE : 0)
            | (row.state().merges() != null ? MERGED : 0)
            | (row.state().undone().isEmpty() ? 0 : UNDONE)
            | (row.state().outlived().isEmpty() ? 0 : OUTLIVED));
    if (row.masked() != null) {
      value(bytes, Value.of(row.masked()));
      List<Value> key = row.refusedKey() == null ? List.of() : row.refusedKey().values();
      number(bytes, key.size());
      key.forEach(part -> value(bytes, part));
    }
    number(bytes, row.state().existence().size());
    for (Presence presence : row.state().existence()) {
      int unseen = presence.outOfSight().isEmpty() ? 0 : OUT_OF_SIGHT;
      bytes.write((presence.derived() ? DERIVED : 0) | (presence.present() ? PRESENT : 0) | unseen);
      dot(bytes, presence.dot());
      number(bytes, presence.time().packed());
      if (unseen != 0) {
        dots(bytes, presence.outOfSight());
      }
    }
    number(bytes, row.state().keys().size());
    row.state().keys().forEach(key -> key(bytes, key));
    if (birth != null) {
      key(bytes, birth);
    }
    if (row.state().merges() != null) {
      merges(bytes, row);
    }
    if (!row.state().undone().isEmpty()) {
      undone(bytes, row);
    }
    if (!row.state().outlived().isEmpty()) {
      dots(bytes, row.state().outlived());
    }
    row.state().units().forEach((unit, versions) -> unit(bytes, row.table(), unit, versions));
    return bytes.toByteArray();
  }

  void state(byte[] bytes, RowState row) {
    Input in = new Input(bytes);
    int flags = in.octet();
    row.visible((flags & VISIBLE) != 0);
    if ((flags & MASKED) != 0) {
      row.masked(((Value.Text) in.value()).text());
      List<Value> key = new ArrayList<>();
      for (long left = in.number(); left > 0; left--) {
        key.add(in.value());
      }
      row.refusedKey(key.isEmpty() ? null : new RowKey(key));
    }
    List<Presence> presences = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      int kind = in.octet();
      presences.add(
          new Presence(
              in.dot(),
              new HybridTimestamp(in.number()),
              (kind & PRESENT) != 0,
              (kind & DERIVED) != 0,
              (kind & OUT_OF_SIGHT) != 0 ? in.dots() : List.of()));
    }
    List<KeyVersion> keys = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      keys.add(in.key());
    }
    if ((flags & BORN_ELSEWHERE) != 0) {
      row.state().bornUnder(in.key());
    }
    if ((flags & MERGED) != 0) {
      merges(in, row);
    }
    for (long left = (flags & UNDONE) != 0 ? in.number() : 0; left > 0; left--) {
      String unit = catalog.columnName(row.table(), (int) in.number());
      row.state().undo(unit, LifeState.Undone.values()[in.octet()]);
    }
    if ((flags & OUTLIVED) != 0) {
      row.state().outlived(in.dots());
    }
    Map<String, List<Version>> units = new TreeMap<>();
    while (in.hasMore()) {
      String column = catalog.columnName(row.table(), (int) in.number());
      List<Version> versions = new ArrayList<>();
      for (long left = in.number(); left > 0; left--) {
        versions.add(in.version());
      }
      units.put(column, versions);
    }
    row.state().restore(presences, keys, units);
  }

  private void merges(ByteArrayOutputStream bytes, RowState row) {
    Map<String, List<MergeState>> merges = row.state().merges();
    number(bytes, merges.size());
    merges.forEach(
        (unit, states) -> {
          number(bytes, catalog.columnNumber(row.table(), unit));
          number(bytes, states.size());
          for (MergeState state : states) {
            EncodingWriter content = new EncodingWriter();
            state.write(content);
            number(bytes, state.type().ordinal());
            number(bytes, content.size());
            bytes.write(content.toBytes(), 0, content.size());
          }
        });
  }

  private void merges(Input in, RowState row) {
    for (long units = in.number(); units > 0; units--) {
      String unit = catalog.columnName(row.table(), (int) in.number());
      List<MergeState> states = new ArrayList<>(1);
      for (long left = in.number(); left > 0; left--) {
        MergeOperation.Type type = MergeOperation.Type.values()[(int) in.number()];
        states.add(MergeState.read(type, new EncodingReader(in.raw((int) in.number()))));
      }
      row.state().restore(unit, states);
    }
  }

  private void undone(ByteArrayOutputStream bytes, RowState row) {
    number(bytes, row.state().undone().size());
    row.state()
        .undone()
        .forEach(
            (unit, instead) -> {
              number(bytes, catalog.columnNumber(row.table(), unit));
              bytes.write(instead.ordinal());
            });
  }

  private void unit(ByteArrayOutputStream bytes, int table, String unit, List<Version> versions) {
    number(bytes, catalog.columnNumber(table, unit));
    number(bytes, versions.size());
    for (Version version : versions) {
      int flags = (version.derived() ? DERIVED : 0) | (version.bare() ? BARE : 0);
      flags |= version.resolution() ? RESOLUTION : 0;
      flags |= version.origin() == null ? 0 : ORIGIN;
      bytes.write(flags | (version.reference() == null ? 0 : REFERENCE));
      dot(bytes, version.dot());
      number(bytes, version.time().packed());
      value(bytes, version.value());
      if (version.reference() != null) {
        bytes.write(version.reference().bytes(), 0, LifeId.LENGTH_BYTES);
      }
      if (version.origin() != null) {
        Value told = version.origin().value();
        value(bytes, told == null ? Value.NULL : told);
        bytes.write(version.origin().parent().bytes(), 0, LifeId.LENGTH_BYTES);
      }
    }
  }

  private void key(ByteArrayOutputStream bytes, KeyVersion key) {
    bytes.write(key.derived() ? DERIVED : 0);
    dot(bytes, key.dot());
    number(bytes, key.time().packed());
    number(bytes, key.key().values().size());
    key.key().values().forEach(value -> value(bytes, value));
    number(bytes, key.extras().references().size());
    key.extras()
        .references()
        .forEach(
            (position, life) -> {
              number(bytes, position);
              bytes.write(life.bytes(), 0, LifeId.LENGTH_BYTES);
            });
    number(bytes, key.extras().bare().size());
    key.extras().bare().forEach(position -> number(bytes, position));
    dots(bytes, key.extras().claims());
  }

  private void dots(ByteArrayOutputStream bytes, Collection<Dot> dots) {
    number(bytes, dots.size());
    dots.forEach(one -> dot(bytes, one));
  }

  private void dot(ByteArrayOutputStream bytes, Dot dot) {
    number(bytes, replicas.of(dot.replica()).number());
    number(bytes, dot.sequence());
  }

  private static void value(ByteArrayOutputStream bytes, Value value) {
    if (value == null) {
      throw new IllegalStateException(
          "expected the table's value to have been read before the state is kept apart");
    }
    byte[] canonical = value.canonicalBytes();
    number(bytes, canonical.length);
    bytes.write(canonical, 0, canonical.length);
  }

  private static void number(ByteArrayOutputStream bytes, long number) {
    long left = number;
    while ((left & ~0x7fL) != 0) {
      bytes.write((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    bytes.write((int) left);
  }

  /** Reads what the methods above write. */
  private final class Input {
    private final byte[] bytes;
    private int at;

    Input(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    int octet() {
      return bytes[at++] & 0xff;
    }

    long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        int octet = octet();
        number |= (long) (octet & 0x7f) << shift;
        if (octet < 0x80) {
          return number;
        }
      }
    }

    Dot dot() {
      return new Dot(replicas.of(number()).id(), number());
    }

    List<Dot> dots() {
      List<Dot> dots = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        dots.add(dot());
      }
      return dots;
    }

    byte[] raw(int length) {
      byte[] raw = new byte[length];
      System.arraycopy(bytes, at, raw, 0, length);
      at += length;
      return raw;
    }

    Value value() {
      return KeyCodec.value(raw((int) number()));
    }

    Version version() {
      int flags = octet();
      Dot dot = dot();
      HybridTimestamp time = new HybridTimestamp(number());
      Value value = value();
      LifeId reference = (flags & REFERENCE) == 0 ? null : LifeId.of(raw(LifeId.LENGTH_BYTES));
      boolean derived = (flags & DERIVED) != 0;
      boolean resolution = (flags & RESOLUTION) != 0;
      Version.Origin origin = (flags & ORIGIN) == 0 ? null : origin();
      return new Version(
          dot, time, derived, value, reference, (flags & BARE) != 0, resolution, origin);
    }

    private Version.Origin origin() {
      Value told = value();
      return new Version.Origin(
          told.equals(Value.NULL) ? null : told, LifeId.of(raw(LifeId.LENGTH_BYTES)));
    }

    KeyVersion key() {
      boolean derived = (octet() & DERIVED) != 0;
      Dot dot = dot();
      HybridTimestamp time = new HybridTimestamp(number());
      List<Value> values = new ArrayList<>();
      for (long left = number(); left > 0; left--) {
        values.add(value());
      }
      Map<Integer, LifeId> references = new HashMap<>();
      for (long left = number(); left > 0; left--) {
        references.put((int) number(), LifeId.of(raw(LifeId.LENGTH_BYTES)));
      }
      Set<Integer> bare = new HashSet<>();
      for (long left = number(); left > 0; left--) {
        bare.add((int) number());
      }
      List<Dot> claims = dots();
      RowExtras extras = RowExtras.NONE.withReferences(references, bare).withClaims(claims);
      return new KeyVersion(dot, time, derived, new RowKey(values), extras);
    }
  }
}
