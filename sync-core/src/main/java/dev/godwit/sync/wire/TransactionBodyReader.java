package dev.godwit.sync.wire;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
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
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the body of a sealed transaction, change by change; {@link TransactionBody} draws the
 * format.
 *
 * <p>Whatever is not as drawn ends in one {@link MalformedBodyException} that names the transaction
 * and the place.
 */
public final class TransactionBodyReader implements Closeable {
  private static final int COUNT_MAX = 1_000_000;

  private final CBORParser cbor;
  private final Dot dot;
  private final TransactionHeader header;
  private final List<RowShape> shapes = new ArrayList<>();
  private final RowChange.Kind[] kinds = RowChange.Kind.values();
  private boolean dependenciesAreWhole;
  private int ordinal;

  /**
   * Reads up to the first change.
   *
   * @param dot whose body it is, from the envelope
   * @param predecessorDependencies the dependencies of the transaction before of the same replica;
   *     empty for the first
   */
  public TransactionBodyReader(InputStream in, Dot dot, VersionVector predecessorDependencies)
      throws MalformedBodyException {
    this.dot = dot;
    try {
      this.cbor = TransactionBody.FACTORY.createParser(in);
      this.header = header(predecessorDependencies);
    } catch (IOException | RuntimeException e) {
      throw malformed(e);
    }
  }

  public TransactionHeader header() {
    return header;
  }

  /** Whether the body holds its dependencies whole, so that the predecessor's were not needed. */
  public boolean dependenciesAreWhole() {
    return dependenciesAreWhole;
  }

  /** The next change, or null after the last. */
  public RowChange next() throws MalformedBodyException {
    try {
      JsonToken token = cbor.nextToken();
      if (token == JsonToken.END_ARRAY) {
        return null;
      }
      expect(token, JsonToken.START_ARRAY);
      RowChange change = change();
      ordinal++;
      return change;
    } catch (IOException | RuntimeException e) {
      throw malformed(e);
    }
  }

  @Override
  public void close() {
    try {
      cbor.close();
    } catch (IOException e) {
      throw new IllegalStateException("could not close the body of " + dot, e);
    }
  }

  private MalformedBodyException malformed(Exception cause) {
    return cause instanceof MalformedBodyException known
        ? known
        : new MalformedBodyException(dot, "change " + ordinal + ": " + cause.getMessage(), cause);
  }

  private TransactionHeader header(VersionVector predecessor) throws IOException {
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    long version = integer();
    if (version != TransactionBody.VERSION) {
      throw new MalformedBodyException(
          dot,
          "expected body version "
              + TransactionBody.VERSION
              + " but got "
              + version
              + ": update this device",
          null);
    }
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    dependenciesAreWhole = cbor.nextBooleanValue();
    VersionVector dependencies = dependenciesAreWhole ? VersionVector.empty() : predecessor;
    Map<ReplicaId, byte[]> hashes = new HashMap<>();
    while (cbor.nextToken() == JsonToken.START_ARRAY) {
      ReplicaId replica = ReplicaId.of(bytes());
      dependencies = dependencies.with(replica, integer());
      if (cbor.nextToken() != JsonToken.VALUE_NULL) {
        hashes.put(replica, cbor.getBinaryValue());
      }
      skipToEnd();
    }
    expect(cbor.currentToken(), JsonToken.END_ARRAY);
    long policyVersion = integer();
    String deviceName = cbor.nextToken() == JsonToken.VALUE_NULL ? null : text(cbor.currentToken());
    HybridTimestamp time = new HybridTimestamp(integer());
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    return new TransactionHeader(dot, dependencies, hashes, policyVersion, deviceName, time);
  }

  private RowChange change() throws IOException {
    RowShape shape = shape();
    int kindNumber = (int) integer();
    if (kindNumber < 0 || kindNumber >= kinds.length) {
      throw new IOException(
          "expected a kind of change within 0 … " + (kinds.length - 1) + " but got " + kindNumber);
    }
    RowChange.Kind kind = kinds[kindNumber];
    HybridTimestamp time = new HybridTimestamp(header.time().packed() - integer());
    RowKey key = new RowKey(values());
    List<Value> values = values();
    List<RowChange.Before> before = List.of();
    RowExtras extras = RowExtras.NONE;
    LifeId life = null;
    JsonToken token = cbor.nextToken();
    if (token == JsonToken.START_ARRAY) {
      before = before();
      token = cbor.nextToken();
    }
    if (token == JsonToken.START_OBJECT) {
      ExtrasReader reader = new ExtrasReader();
      extras = reader.read();
      life = reader.life;
      token = cbor.nextToken();
    }
    while (token != JsonToken.END_ARRAY) {
      cbor.skipChildren();
      token = some(cbor.nextToken());
    }
    if (life == null) {
      life = shape.birthLife(extras.keyBefore() == null ? key : extras.keyBefore(), extras);
    }
    return new RowChange(shape, kind, life, key, time, values, before, extras);
  }

  private RowShape shape() throws IOException {
    JsonToken token = cbor.nextToken();
    if (token == JsonToken.VALUE_NUMBER_INT) {
      int number = cbor.getIntValue();
      if (number < 0 || number >= shapes.size()) {
        throw new IOException(
            "expected a shape within 0 … " + (shapes.size() - 1) + " but got " + number);
      }
      return shapes.get(number);
    }
    expect(token, JsonToken.START_ARRAY);
    if (shapes.size() == TransactionBody.SHAPES_MAX) {
      throw new IOException("expected at most " + TransactionBody.SHAPES_MAX + " shapes");
    }
    String table = text(cbor.nextToken());
    List<KeyColumn> key = new ArrayList<>();
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    while (cbor.nextToken() == JsonToken.START_ARRAY) {
      key.add(keyColumn());
      limit(key.size(), TransactionBody.COLUMNS_MAX, "key columns");
    }
    List<String> columns = new ArrayList<>();
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    while (some(cbor.nextToken()) != JsonToken.END_ARRAY) {
      columns.add(text(cbor.currentToken()));
      limit(columns.size(), TransactionBody.COLUMNS_MAX, "columns");
    }
    skipToEnd();
    RowShape shape = new RowShape(table, key, columns);
    shapes.add(shape);
    return shape;
  }

  private KeyColumn keyColumn() throws IOException {
    String name = text(cbor.nextToken());
    KeyColumn.Collation collation = collation();
    KeyColumn.Parent parent = null;
    if (cbor.nextToken() == JsonToken.START_ARRAY) {
      parent = new KeyColumn.Parent(text(cbor.nextToken()), collation());
      skipToEnd();
    }
    skipToEnd();
    return new KeyColumn(name, collation, parent);
  }

  private KeyColumn.Collation collation() throws IOException {
    long number = integer();
    KeyColumn.Collation[] known = KeyColumn.Collation.values();
    if (number < 0 || number >= known.length) {
      throw new IOException(
          "expected a collation within 0 … " + (known.length - 1) + " but got " + number);
    }
    return known[(int) number];
  }

  private List<Value> values() throws IOException {
    expect(cbor.nextToken(), JsonToken.START_ARRAY);
    List<Value> values = new ArrayList<>();
    while (some(cbor.nextToken()) != JsonToken.END_ARRAY) {
      values.add(value(cbor.currentToken()));
      limit(values.size(), TransactionBody.COLUMNS_MAX, "values");
    }
    return values;
  }

  private Value value(JsonToken token) throws IOException {
    switch (some(token)) {
      case VALUE_STRING:
        return Value.of(cbor.getText());
      case VALUE_NUMBER_INT:
        return Value.of(cbor.getLongValue());
      case VALUE_NULL:
        return Value.NULL;
      case VALUE_NUMBER_FLOAT:
        return Value.of(cbor.getDoubleValue());
      case VALUE_EMBEDDED_OBJECT:
        return Value.of(cbor.getBinaryValue());
      case START_ARRAY:
        Value value = new Value.MalformedText(bytes());
        skipToEnd();
        return value;
      default:
        throw new IOException("expected a value but got " + token);
    }
  }

  private List<RowChange.Before> before() throws IOException {
    List<RowChange.Before> before = new ArrayList<>();
    while (some(cbor.nextToken()) != JsonToken.END_ARRAY) {
      before.add(beforeValue());
      limit(before.size(), TransactionBody.COLUMNS_MAX, "values before");
    }
    return before;
  }

  private RowChange.Before beforeValue() throws IOException {
    if (cbor.currentToken() != JsonToken.START_ARRAY) {
      return RowChange.Before.of(value(cbor.currentToken()));
    }
    JsonToken first = cbor.nextToken();
    if (first == JsonToken.VALUE_EMBEDDED_OBJECT) {
      RowChange.Before malformedText =
          RowChange.Before.of(new Value.MalformedText(cbor.getBinaryValue()));
      skipToEnd();
      return malformedText;
    }
    expect(first, JsonToken.VALUE_NUMBER_INT);
    RowChange.Before hashed = new RowChange.Before(null, bytes());
    skipToEnd();
    return hashed;
  }

  private long integer() throws IOException {
    expect(cbor.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return cbor.getLongValue();
  }

  private byte[] bytes() throws IOException {
    expect(cbor.nextToken(), JsonToken.VALUE_EMBEDDED_OBJECT);
    return cbor.getBinaryValue();
  }

  private String text(JsonToken token) throws IOException {
    expect(token, JsonToken.VALUE_STRING);
    return cbor.getText();
  }

  private void skipToEnd() throws IOException {
    while (some(cbor.nextToken()) != JsonToken.END_ARRAY) {
      cbor.skipChildren();
    }
  }

  private static JsonToken some(JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("expected more but the body ends");
    }
    return token;
  }

  private static void expect(JsonToken actual, JsonToken expected) throws IOException {
    if (actual != expected) {
      throw new IOException(
          "expected " + expected + " but got " + (actual == null ? "the end" : actual));
    }
  }

  private static void limit(int count, int maximum, String noun) throws IOException {
    if (count > maximum) {
      throw new IOException("expected at most " + maximum + " " + noun);
    }
  }

  /** Reads the map at the end of a change. */
  private final class ExtrasReader {
    private RowKey keyBefore;
    private final Map<Integer, LifeId> references = new HashMap<>();
    private final Set<Integer> bare = new HashSet<>();
    private List<Dot> unseen = List.of();
    private List<Dot> basedOn = List.of();
    private List<Dot> claims = List.of();
    private final Map<String, Value> witness = new HashMap<>();
    private final Map<Integer, byte[]> merge = new HashMap<>();
    private final Map<Integer, LifeId> origins = new HashMap<>();
    private final Map<String, List<Dot>> settled = new HashMap<>();
    private int birthNumber = RowExtras.NOT_NUMBERED;
    private LifeId life;

    RowExtras read() throws IOException {
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        field(cbor.currentName());
      }
      return new RowExtras(
          birthNumber,
          keyBefore,
          references,
          bare,
          unseen,
          basedOn,
          claims,
          witness,
          merge,
          origins,
          settled);
    }

    private void field(String name) throws IOException {
      switch (name) {
        case TransactionBody.LIFE -> life();
        case TransactionBody.FROM -> keyBefore = new RowKey(values());
        case TransactionBody.REFERENCES -> references();
        case TransactionBody.UNSEEN -> unseen = dots();
        case TransactionBody.BASED_ON -> basedOn = dots();
        case TransactionBody.CLAIMS -> claims = dots();
        case TransactionBody.WITNESS -> witness();
        case TransactionBody.MERGE -> merge();
        case TransactionBody.ORIGINS -> origins();
        case TransactionBody.SETTLED -> settled();
        default -> {
          cbor.nextToken();
          cbor.skipChildren();
        }
      }
    }

    private void life() throws IOException {
      if (cbor.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        birthNumber = cbor.getIntValue();
        life = LifeId.surrogate(dot, birthNumber);
      } else {
        life = LifeId.of(cbor.getBinaryValue());
      }
    }

    private void references() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_OBJECT);
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        int position = Integer.parseInt(cbor.currentName());
        if (cbor.nextToken() == JsonToken.VALUE_NULL) {
          bare.add(position);
        } else {
          references.put(position, LifeId.of(cbor.getBinaryValue()));
        }
      }
    }

    private List<Dot> dots() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_ARRAY);
      List<Dot> dots = new ArrayList<>();
      while (some(cbor.nextToken()) != JsonToken.END_ARRAY) {
        expect(cbor.currentToken(), JsonToken.START_ARRAY);
        dots.add(new Dot(ReplicaId.of(bytes()), integer()));
        skipToEnd();
        limit(dots.size(), COUNT_MAX, "dots");
      }
      return dots;
    }

    private void witness() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_OBJECT);
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        String column = cbor.currentName();
        witness.put(column, value(cbor.nextToken()));
      }
    }

    private void settled() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_OBJECT);
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        String unit = cbor.currentName();
        settled.put(unit, dots());
        limit(settled.size(), TransactionBody.COLUMNS_MAX, "columns");
      }
    }

    private void origins() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_OBJECT);
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        int position = Integer.parseInt(cbor.currentName());
        origins.put(position, LifeId.of(bytes()));
      }
    }

    private void merge() throws IOException {
      expect(cbor.nextToken(), JsonToken.START_OBJECT);
      while (some(cbor.nextToken()) != JsonToken.END_OBJECT) {
        int position = Integer.parseInt(cbor.currentName());
        merge.put(position, bytes());
      }
    }
  }
}
