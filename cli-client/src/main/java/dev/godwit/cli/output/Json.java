package dev.godwit.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The library's reports as JSON: a record is an object with its components as fields, so the fields
 * are as stable as the library.
 *
 * <ul>
 *   <li>What is unknown is left out; SQL's NULL is {@code null}.
 *   <li>Ids are hexadecimal text, transactions {@code "replica:sequence"}, vectors objects from
 *       replica to sequence.
 *   <li>Times are ISO 8601 in UTC with milliseconds; rows that were there when tracking began have
 *       1970.
 *   <li>SQL's numbers and texts are JSON's; a BLOB is {@code {"blob": "hex"}}, a text that is not
 *       UTF-8 {@code {"malformedText": "hex"}}, an infinite number {@code {"real": "Infinity"}}.
 * </ul>
 */
public final class Json {
  private Json() {}

  /** Prints a record, map or collection on one line. */
  public static void print(PrintWriter to, Object report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      write(json, report);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write JSON", e);
    }
    to.println(text);
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Value sql) {
      writeSql(json, sql);
    } else if (value instanceof HybridTimestamp time) {
      json.writeString(Instant.ofEpochMilli(time.millis()).toString());
    } else if (value instanceof VersionVector vector) {
      write(json, vector.entries());
    } else if (value instanceof RowKey key) {
      json.writeString(key.toString());
    } else if (value instanceof LifeId life) {
      json.writeString(life.toString());
    } else if (value instanceof Enum<?> kind) {
      json.writeString(kind.name().toLowerCase(Locale.ROOT));
    } else if (value instanceof Dot dot) {
      json.writeString(dot.replica() + ":" + dot.sequence());
    } else if (value instanceof Map<?, ?> map) {
      writeFields(json, map);
    } else if (value instanceof Collection<?> items) {
      json.writeStartArray();
      for (Object item : items) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Record report) {
      writeRecord(json, report);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else {
      json.writeString(String.valueOf(value));
    }
  }

  private static void writeFields(JsonGenerator json, Map<?, ?> map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      writeField(json, String.valueOf(entry.getKey()), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeRecord(JsonGenerator json, Record report) throws IOException {
    json.writeStartObject();
    for (RecordComponent component : report.getClass().getRecordComponents()) {
      try {
        writeField(json, component.getName(), component.getAccessor().invoke(report));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "a report must be a public record: " + report.getClass(), e);
      }
    }
    json.writeEndObject();
  }

  private static void writeField(JsonGenerator json, String name, Object value) throws IOException {
    Object known = value;
    if (value instanceof OptionalLong number) {
      known = number.isPresent() ? number.getAsLong() : null;
    } else if (value instanceof Optional<?> optional) {
      known = optional.orElse(null);
    }
    if (known != null) {
      json.writeFieldName(name);
      write(json, known);
    }
  }

  private static void writeSql(JsonGenerator json, Value value) throws IOException {
    if (value instanceof Value.Null) {
      json.writeNull();
    } else if (value instanceof Value.Integer integer) {
      json.writeNumber(integer.number());
    } else if (value instanceof Value.Real real && !Double.isInfinite(real.number())) {
      json.writeNumber(real.number());
    } else if (value instanceof Value.Text text) {
      json.writeString(text.text());
    } else {
      json.writeStartObject();
      if (value instanceof Value.Blob blob) {
        json.writeStringField("blob", hex(blob.bytes()));
      } else if (value instanceof Value.MalformedText text) {
        json.writeStringField("malformedText", hex(text.bytes()));
      } else {
        json.writeStringField("real", value.toString());
      }
      json.writeEndObject();
    }
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
