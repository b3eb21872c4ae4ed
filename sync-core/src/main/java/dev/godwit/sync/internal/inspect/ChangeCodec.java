package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.state.KeyCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Row changes as bytes in a temporary table, as far as merging them needs: without what was there
 * before, with fingerprints for values.
 *
 * <pre>
 * change = kind (1), time (8), shape (4), values of the key, values, 0 / 1 extras
 * values = count (4), (length (4), canonical bytes) *
 * extras = 0 / 1 key before, references (count, (position (4), life (16)) *), bare (count, position *), unseen, based on,
 *          settled (count, (unit, dots) *)
 * dots   = count (4), (replica (16), sequence (8)) *
 * </pre>
 */
final class ChangeCodec {
  private final List<RowShape> shapes = new ArrayList<>();
  private final Map<RowShape, Integer> shapeNumbers = new HashMap<>();

  byte[] encode(RowChange change) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(change.kind().ordinal());
      out.writeLong(change.time().packed());
      out.writeInt(number(change.shape()));
      write(out, change.key().values());
      write(out, change.values());
      boolean plain = change.extras() == RowExtras.NONE;
      out.writeBoolean(!plain);
      if (!plain) {
        write(out, change.extras());
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RowChange decode(LifeId life, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      RowChange.Kind kind = RowChange.Kind.values()[in.readByte()];
      HybridTimestamp time = new HybridTimestamp(in.readLong());
      RowShape shape = shapes.get(in.readInt());
      RowKey key = new RowKey(readValues(in));
      List<Value> values = readValues(in);
      RowExtras extras = in.readBoolean() ? readExtras(in) : RowExtras.NONE;
      return new RowChange(shape, kind, life, key, time, values, List.of(), extras);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int number(RowShape shape) {
    Integer known = shapeNumbers.get(shape);
    if (known != null) {
      return known;
    }
    shapes.add(shape);
    shapeNumbers.put(shape, shapes.size() - 1);
    return shapes.size() - 1;
  }

  private static void write(DataOutputStream out, List<Value> values) throws IOException {
    out.writeInt(values.size());
    for (Value value : values) {
      byte[] canonical = Fingerprint.of(value).canonicalBytes();
      out.writeInt(canonical.length);
      out.write(canonical);
    }
  }

  private static List<Value> readValues(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Value> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] canonical = new byte[in.readInt()];
      in.readFully(canonical);
      values.add(KeyCodec.value(canonical));
    }
    return values;
  }

  private static void write(DataOutputStream out, RowExtras extras) throws IOException {
    out.writeBoolean(extras.keyBefore() != null);
    if (extras.keyBefore() != null) {
      write(out, extras.keyBefore().values());
    }
    out.writeInt(extras.references().size());
    for (Map.Entry<Integer, LifeId> reference : extras.references().entrySet()) {
      out.writeInt(reference.getKey());
      out.write(reference.getValue().bytes());
    }
    out.writeInt(extras.bare().size());
    for (int position : extras.bare()) {
      out.writeInt(position);
    }
    writeDots(out, extras.unseen());
    writeDots(out, extras.basedOn());
    out.writeInt(extras.settled().size());
    for (Map.Entry<String, List<Dot>> settled : extras.settled().entrySet()) {
      byte[] unit = settled.getKey().getBytes(StandardCharsets.UTF_8);
      out.writeInt(unit.length);
      out.write(unit);
      writeDots(out, settled.getValue());
    }
  }

  private static RowExtras readExtras(DataInputStream in) throws IOException {
    RowKey keyBefore = in.readBoolean() ? new RowKey(readValues(in)) : null;
    Map<Integer, LifeId> references = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      int position = in.readInt();
      byte[] life = new byte[LifeId.LENGTH_BYTES];
      in.readFully(life);
      references.put(position, LifeId.of(life));
    }
    Set<Integer> bare = new HashSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      bare.add(in.readInt());
    }
    List<Dot> unseen = readDots(in);
    List<Dot> basedOn = readDots(in);
    Map<String, List<Dot>> settled = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      byte[] unit = new byte[in.readInt()];
      in.readFully(unit);
      settled.put(new String(unit, StandardCharsets.UTF_8), readDots(in));
    }
    return new RowExtras(
        RowExtras.NOT_NUMBERED,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        settled);
  }

  private static void writeDots(DataOutputStream out, List<Dot> dots) throws IOException {
    out.writeInt(dots.size());
    for (Dot dot : dots) {
      out.write(dot.replica().bytes());
      out.writeLong(dot.sequence());
    }
  }

  private static List<Dot> readDots(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Dot> dots = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] replica = new byte[ReplicaId.LENGTH_BYTES];
      in.readFully(replica);
      dots.add(new Dot(ReplicaId.of(replica), in.readLong()));
    }
    return dots;
  }
}
