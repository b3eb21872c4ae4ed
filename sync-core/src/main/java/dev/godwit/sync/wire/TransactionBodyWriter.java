package dev.godwit.sync.wire;

import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.change.Value;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the body of a sealed transaction, change by change; {@link TransactionBody} draws the
 * format.
 */
public final class TransactionBodyWriter implements Closeable {
  private final CBORGenerator cbor;
  private final TransactionHeader header;
  private final Map<RowShape, Integer> shapes = new HashMap<>();
  private RowShape latestShape;
  private int latestShapeNumber;

  /**
   * Begins a body.
   *
   * @param predecessorDependencies the dependencies of the same replica's transaction before, to
   *     write only what differs; null to write them whole
   */
  public TransactionBodyWriter(
      OutputStream out, TransactionHeader header, VersionVector predecessorDependencies)
      throws IOException {
    this.cbor = TransactionBody.FACTORY.createGenerator(out);
    this.header = header;
    cbor.writeStartArray();
    cbor.writeNumber(TransactionBody.VERSION);
    dependencies(predecessorDependencies);
    cbor.writeNumber(header.policyVersion());
    if (header.deviceName() == null) {
      cbor.writeNull();
    } else {
      cbor.writeString(header.deviceName());
    }
    cbor.writeNumber(header.time().packed());
    cbor.writeStartArray();
  }

  /** Appends one change. */
  public void write(RowChange change) throws IOException {
    cbor.writeStartArray();
    shape(change.shape());
    cbor.writeNumber(change.kind().ordinal());
    cbor.writeNumber(header.time().packed() - change.time().packed());
    values(change.key().values());
    values(change.values());
    boolean born = birthLife(change).equals(change.life());
    boolean extras = !born || !change.extras().equals(RowExtras.NONE);
    if (extras || !change.before().isEmpty()) {
      before(change.before());
    }
    if (extras) {
      extras(change, born);
    }
    cbor.writeEndArray();
  }

  /** Ends the body and flushes it; the stream below stays open. */
  @Override
  public void close() throws IOException {
    cbor.writeEndArray();
    cbor.writeEndArray();
    cbor.disable(com.fasterxml.jackson.core.JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    cbor.close();
  }

  private void dependencies(VersionVector predecessor) throws IOException {
    cbor.writeStartArray();
    cbor.writeBoolean(predecessor == null);
    for (Map.Entry<ReplicaId, Long> entry : header.dependencies().entries().entrySet()) {
      if (predecessor == null || predecessor.sequence(entry.getKey()) != entry.getValue()) {
        cbor.writeStartArray(null, 3);
        cbor.writeBinary(entry.getKey().bytes());
        cbor.writeNumber(entry.getValue());
        byte[] hash = header.dependencyHashes().get(entry.getKey());
        if (hash == null) {
          cbor.writeNull();
        } else {
          cbor.writeBinary(hash);
        }
        cbor.writeEndArray();
      }
    }
    cbor.writeEndArray();
  }

  private void shape(RowShape shape) throws IOException {
    if (shape == latestShape) {
      cbor.writeNumber(latestShapeNumber);
      return;
    }
    Integer known = shapes.get(shape);
    latestShape = shape;
    latestShapeNumber = known == null ? shapes.size() : known;
    if (known != null) {
      cbor.writeNumber(latestShapeNumber);
      return;
    }
    shapes.put(shape, latestShapeNumber);
    cbor.writeStartArray(null, 3);
    cbor.writeString(shape.table());
    cbor.writeStartArray(null, shape.keyColumns().size());
    for (KeyColumn column : shape.keyColumns()) {
      keyColumn(column);
    }
    cbor.writeEndArray();
    cbor.writeStartArray(null, shape.columns().size());
    for (String column : shape.columns()) {
      cbor.writeString(column);
    }
    cbor.writeEndArray();
    cbor.writeEndArray();
  }

  private void keyColumn(KeyColumn column) throws IOException {
    cbor.writeStartArray(null, 3);
    cbor.writeString(column.name());
    cbor.writeNumber(column.collation().ordinal());
    if (column.parent() == null) {
      cbor.writeNull();
    } else {
      cbor.writeStartArray(null, 2);
      cbor.writeString(column.parent().table());
      cbor.writeNumber(column.parent().collation().ordinal());
      cbor.writeEndArray();
    }
    cbor.writeEndArray();
  }

  private void values(List<Value> values) throws IOException {
    cbor.writeStartArray(null, values.size());
    for (Value value : values) {
      value(value);
    }
    cbor.writeEndArray();
  }

  private void value(Value value) throws IOException {
    if (value instanceof Value.Text text) {
      cbor.writeString(text.text());
    } else if (value instanceof Value.Integer integer) {
      cbor.writeNumber(integer.number());
    } else if (value instanceof Value.Null) {
      cbor.writeNull();
    } else if (value instanceof Value.Real real) {
      cbor.writeNumber(real.number());
    } else if (value instanceof Value.Blob blob) {
      cbor.writeBinary(blob.bytes());
    } else {
      cbor.writeStartArray(null, 1);
      cbor.writeBinary(((Value.MalformedText) value).bytes());
      cbor.writeEndArray();
    }
  }

  private void before(List<RowChange.Before> before) throws IOException {
    cbor.writeStartArray(null, before.size());
    for (RowChange.Before one : before) {
      if (one.hash() == null) {
        value(one.value());
      } else {
        cbor.writeStartArray(null, 2);
        cbor.writeNumber(0);
        cbor.writeBinary(one.hash());
        cbor.writeEndArray();
      }
    }
    cbor.writeEndArray();
  }

  private static LifeId birthLife(RowChange change) {
    RowKey from = change.extras().keyBefore();
    return change.shape().birthLife(from == null ? change.key() : from, change.extras());
  }

  private void extras(RowChange change, boolean born) throws IOException {
    RowExtras extras = change.extras();
    cbor.writeStartObject();
    if (!born) {
      cbor.writeFieldName(TransactionBody.LIFE);
      if (extras.birthNumber() >= 0) {
        cbor.writeNumber(extras.birthNumber());
      } else {
        cbor.writeBinary(change.life().bytes());
      }
    }
    if (extras.keyBefore() != null) {
      cbor.writeFieldName(TransactionBody.FROM);
      values(extras.keyBefore().values());
    }
    references(extras);
    dots(TransactionBody.UNSEEN, extras.unseen());
    dots(TransactionBody.BASED_ON, extras.basedOn());
    dots(TransactionBody.CLAIMS, extras.claims());
    if (!extras.witness().isEmpty()) {
      cbor.writeFieldName(TransactionBody.WITNESS);
      cbor.writeStartObject();
      for (Map.Entry<String, Value> entry : new TreeMap<>(extras.witness()).entrySet()) {
        cbor.writeFieldName(entry.getKey());
        value(entry.getValue());
      }
      cbor.writeEndObject();
    }
    positions(TransactionBody.MERGE, extras.merge());
    positions(TransactionBody.ORIGINS, bytes(extras.origins()));
    if (!extras.settled().isEmpty()) {
      cbor.writeFieldName(TransactionBody.SETTLED);
      cbor.writeStartObject();
      for (Map.Entry<String, List<Dot>> entry : new TreeMap<>(extras.settled()).entrySet()) {
        dots(entry.getKey(), entry.getValue());
      }
      cbor.writeEndObject();
    }
    cbor.writeEndObject();
  }

  private void references(RowExtras extras) throws IOException {
    Map<Integer, byte[]> bytes = bytes(extras.references());
    extras.bare().forEach(position -> bytes.put(position, null));
    positions(TransactionBody.REFERENCES, bytes);
  }

  private static Map<Integer, byte[]> bytes(Map<Integer, LifeId> lives) {
    Map<Integer, byte[]> bytes = new HashMap<>();
    lives.forEach((position, life) -> bytes.put(position, life.bytes()));
    return bytes;
  }

  private void positions(String name, Map<Integer, byte[]> bytes) throws IOException {
    if (bytes.isEmpty()) {
      return;
    }
    cbor.writeFieldName(name);
    cbor.writeStartObject();
    for (Map.Entry<Integer, byte[]> entry : new TreeMap<>(bytes).entrySet()) {
      cbor.writeFieldId(entry.getKey());
      if (entry.getValue() == null) {
        cbor.writeNull();
      } else {
        cbor.writeBinary(entry.getValue());
      }
    }
    cbor.writeEndObject();
  }

  private void dots(String name, List<Dot> dots) throws IOException {
    if (dots.isEmpty()) {
      return;
    }
    cbor.writeFieldName(name);
    cbor.writeStartArray(null, dots.size());
    for (Dot dot : dots) {
      cbor.writeStartArray(null, 2);
      cbor.writeBinary(dot.replica().bytes());
      cbor.writeNumber(dot.sequence());
      cbor.writeEndArray();
    }
    cbor.writeEndArray();
  }
}
