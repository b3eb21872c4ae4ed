package dev.godwit.sync.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.MalformedEnvelopeException;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.HistoryId;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads one body of the protocol, as {@link MessageWriter} draws it.
 *
 * <p>Call {@link #readRequest} or {@link #readAnswer}, then {@link #next} until null, then {@link
 * #end}. Whatever the bytes are, reading ends with a value or an {@link IOException}: {@link
 * MalformedMessageException} when they break the format or a limit of {@link ProtocolLimits},
 * {@link RemoteErrorException} for an error message or an unknown version, any other when the
 * stream itself fails. Memory is bounded by one part and one message; lengths that are only
 * announced allocate nothing. Not thread safe.
 */
public final class MessageReader implements PartSource, Closeable {
  private static final CBORFactory FACTORY =
      CBORFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(ProtocolLimits.MAX_NESTING)
                  .maxStringLength(8 * ProtocolLimits.MAX_TEXT_CHARACTERS)
                  .maxNumberLength(32)
                  .maxNameLength(64)
                  .build())
          .build();

  private final CountedInput input;
  private final JsonParser parser;
  private ExchangeEnd end;
  private int parts;
  private int unknownItems;

  /**
   * Reads from this stream, at most {@link ProtocolLimits#MAX_BODY_BYTES}. Closing leaves the
   * stream open.
   */
  public MessageReader(InputStream stream) throws IOException {
    input = new CountedInput(stream, ProtocolLimits.MAX_BODY_BYTES);
    parser = FACTORY.createParser(input);
    parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
  }

  /** The request that the body begins with. */
  public ExchangeRequest readRequest() throws IOException {
    return guarded(
        () -> {
          begin(ItemKind.REQUEST, "request");
          ReplicaId sender = ReplicaId.of(bytes(ReplicaId.LENGTH_BYTES, "sender"));
          byte[] history = bytesOrNull(Long.BYTES, "history");
          long position = number(Long.MAX_VALUE, "position");
          Heads heads = heads();
          List<PartialEnvelope> partials = partials();
          List<Dot> questions = questions();
          int maxBytes = (int) number(Integer.MAX_VALUE, "answer bytes");
          int maxParts = (int) number(Integer.MAX_VALUE, "answer parts");
          skipToEnd();
          return new ExchangeRequest(
              sender,
              history == null ? Optional.empty() : Optional.of(new HistoryId(tag(history))),
              position,
              heads,
              partials,
              questions,
              maxBytes,
              maxParts);
        });
  }

  /** The answer that the body begins with. */
  public ExchangeAnswer readAnswer() throws IOException {
    return guarded(
        () -> {
          begin(ItemKind.ANSWER, "answer");
          HistoryId history = new HistoryId(tag(bytes(Long.BYTES, "history")));
          Heads heads = heads();
          List<PartialEnvelope> partials = partials();
          List<Refusal> refusals = refusals();
          List<Optional<EnvelopeHash>> hashes = hashes();
          skipToEnd();
          return new ExchangeAnswer(history, heads, partials, refusals, hashes);
        });
  }

  /** The error that the body consists of. */
  public ExchangeError readError() throws IOException {
    try {
      guarded(
          () -> {
            begin(-1, "error");
            return null;
          });
    } catch (RemoteErrorException error) {
      return error.error();
    }
    throw new MalformedMessageException("expected an error message");
  }

  /** The next part, or null at the end of the body. */
  @Override
  public EnvelopePart next() throws IOException {
    return guarded(
        () -> {
          while (end == null) {
            input.startItem(EnvelopePart.MAX_LENGTH_BYTES + ProtocolLimits.MAX_ITEM_BYTES);
            expect(JsonToken.START_ARRAY, "a part or the end");
            int kind = (int) number(Integer.MAX_VALUE, "item kind");
            if (kind == ItemKind.PART) {
              return part();
            } else if (kind == ItemKind.END) {
              long position = number(Long.MAX_VALUE, "position");
              boolean more = bool();
              skipToEnd();
              end = new ExchangeEnd(position, more);
            } else {
              skipUnknown(kind);
            }
          }
          return null;
        });
  }

  /**
   * The end of the body; {@link #next} has returned null.
   *
   * @throws IllegalStateException when it has not
   */
  public ExchangeEnd end() {
    if (end == null) {
      throw new IllegalStateException("expected the end of the body to have been read");
    }
    return end;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private EnvelopePart part() throws IOException {
    if (++parts > ProtocolLimits.MAX_BATCH_PARTS) {
      throw new MessageTooLargeException(
          "expected at most " + ProtocolLimits.MAX_BATCH_PARTS + " parts in one body but got more");
    }
    Dot dot = dot();
    int index = (int) number(Integer.MAX_VALUE, "part index");
    int count = (int) number(Integer.MAX_VALUE, "part count");
    byte[] check = bytes(count == 1 ? Long.BYTES : EnvelopeHash.LENGTH_BYTES, "envelope hash");
    expect(JsonToken.VALUE_EMBEDDED_OBJECT, "the part's content");
    byte[] content = content();
    skipToEnd();
    return count == 1
        ? whole(dot, tag(check), content)
        : EnvelopePart.of(dot, index, count, EnvelopeHash.of(check), content);
  }

  /**
   * Nothing else would show that a last envelope was altered on the way: its hash is computed from
   * what arrives.
   */
  private static EnvelopePart whole(Dot dot, long tag, byte[] content) throws IOException {
    EnvelopePart part = EnvelopePart.whole(dot, content);
    if (part.hash().tag() != tag) {
      throw new MalformedMessageException(
          "expected the bytes of " + dot + " to have the hash that came with them");
    }
    return part;
  }

  private byte[] content() throws IOException {
    PartBuffer buffer = new PartBuffer(EnvelopePart.MAX_LENGTH_BYTES);
    parser.readBinaryValue(buffer);
    return buffer.toBytes();
  }

  private void skipUnknown(int kind) throws IOException {
    if (++unknownItems > ProtocolLimits.MAX_UNKNOWN_ITEMS) {
      throw new MalformedMessageException(
          "expected at most "
              + ProtocolLimits.MAX_UNKNOWN_ITEMS
              + " items of unknown kinds in one body but got more, the last of kind "
              + kind);
    }
    skipToEnd();
  }

  /** Reads the start of the first item: the kind and, unless it is an error, the version. */
  private void begin(int expectedKind, String noun) throws IOException {
    input.startItem(ProtocolLimits.MAX_ITEM_BYTES);
    expect(JsonToken.START_ARRAY, noun);
    long kind = number(Integer.MAX_VALUE, "item kind");
    if (kind == ItemKind.ERROR) {
      throw new RemoteErrorException(error());
    }
    if (kind != expectedKind) {
      throw new MalformedMessageException(
          "expected " + noun + ", item kind " + expectedKind + ", but got kind " + kind);
    }
    long version = number(Integer.MAX_VALUE, "protocol version");
    if (version != ProtocolLimits.VERSION) {
      throw new RemoteErrorException(unknownVersion(expectedKind, (int) version));
    }
  }

  private static ExchangeError unknownVersion(int kind, int version) {
    boolean asked = kind == ItemKind.REQUEST;
    String older = asked == version > ProtocolLimits.VERSION ? "answering" : "asking";
    int spoken = asked ? ProtocolLimits.VERSION : version;
    return new ExchangeError(
        ExchangeError.Code.UNKNOWN_VERSION,
        spoken,
        spoken,
        "expected protocol version "
            + ProtocolLimits.VERSION
            + " but got "
            + version
            + ": the "
            + older
            + " side is too old, update it");
  }

  private ExchangeError error() throws IOException {
    int code = (int) number(Integer.MAX_VALUE, "error code");
    int oldest = (int) number(Integer.MAX_VALUE, "oldest version");
    int newest = (int) number(Integer.MAX_VALUE, "newest version");
    return new ExchangeError(ExchangeError.Code.of(code), oldest, newest, text());
  }

  private Heads heads() throws IOException {
    expect(JsonToken.START_ARRAY, "heads");
    Map<ReplicaId, Head> heads = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      ReplicaId replica = ReplicaId.of(currentBytes(ReplicaId.LENGTH_BYTES, "replica"));
      long sequence = number(Long.MAX_VALUE, "sequence");
      long tag = tag(bytes(Long.BYTES, "tag"));
      requireRoom(heads.size(), ProtocolLimits.MAX_REPLICAS, "heads");
      if (sequence == 0 || heads.put(replica, new Head(sequence, tag)) != null) {
        throw new MalformedMessageException(
            "expected each replica once, with a sequence from 1, in heads but got "
                + replica
                + " at "
                + sequence);
      }
    }
    return Heads.of(heads);
  }

  private List<PartialEnvelope> partials() throws IOException {
    expect(JsonToken.START_ARRAY, "partials");
    List<PartialEnvelope> partials = new ArrayList<>();
    while (nextIsArray("partial")) {
      requireRoom(partials.size(), ProtocolLimits.MAX_PARTIALS, "partials");
      Dot dot = dot();
      EnvelopeHash hash = EnvelopeHash.of(bytes(EnvelopeHash.LENGTH_BYTES, "envelope hash"));
      partials.add(new PartialEnvelope(dot, hash, (int) number(Integer.MAX_VALUE, "parts held")));
      skipToEnd();
    }
    return partials;
  }

  private List<Dot> questions() throws IOException {
    expect(JsonToken.START_ARRAY, "questions");
    List<Dot> questions = new ArrayList<>();
    while (nextIsArray("question")) {
      requireRoom(questions.size(), ProtocolLimits.MAX_QUESTIONS, "questions");
      questions.add(dot());
      skipToEnd();
    }
    return questions;
  }

  private List<Refusal> refusals() throws IOException {
    expect(JsonToken.START_ARRAY, "refusals");
    List<Refusal> refusals = new ArrayList<>();
    while (nextIsArray("refusal")) {
      requireRoom(refusals.size(), ProtocolLimits.MAX_REFUSALS, "refusals");
      Refusal.Reason reason = Refusal.Reason.of((int) number(Integer.MAX_VALUE, "reason"));
      Dot dot = dot();
      long headSequence = number(Long.MAX_VALUE, "head sequence");
      EnvelopeHash headHash = EnvelopeHash.of(bytes(EnvelopeHash.LENGTH_BYTES, "head hash"));
      refusals.add(new Refusal(reason, dot, headSequence, headHash, text()));
      skipToEnd();
    }
    return refusals;
  }

  private List<Optional<EnvelopeHash>> hashes() throws IOException {
    expect(JsonToken.START_ARRAY, "hashes");
    List<Optional<EnvelopeHash>> hashes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      requireRoom(hashes.size(), ProtocolLimits.MAX_QUESTIONS, "hashes");
      boolean none = parser.currentToken() == JsonToken.VALUE_NULL;
      hashes.add(
          none
              ? Optional.empty()
              : Optional.of(EnvelopeHash.of(currentBytes(EnvelopeHash.LENGTH_BYTES, "hash"))));
    }
    return hashes;
  }

  private Dot dot() throws IOException {
    ReplicaId replica = ReplicaId.of(bytes(ReplicaId.LENGTH_BYTES, "replica"));
    return new Dot(replica, number(Long.MAX_VALUE, "sequence"));
  }

  /** Skips the items that a later version appended to the array that is open. */
  private void skipToEnd() throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == null) {
        throw truncated("the end of an array");
      }
      parser.skipChildren();
    }
  }

  private boolean nextIsArray(String noun) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.END_ARRAY) {
      return false;
    }
    require(JsonToken.START_ARRAY, noun);
    return true;
  }

  private long number(long most, String noun) throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, noun);
    long value = parser.getLongValue();
    if (value < 0 || value > most) {
      throw new MalformedMessageException(
          "expected " + noun + " of 0 to " + most + " but got " + value);
    }
    return value;
  }

  private boolean bool() throws IOException {
    JsonToken token = parser.nextToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw new MalformedMessageException("expected true or false but got " + token);
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private String text() throws IOException {
    expect(JsonToken.VALUE_STRING, "text");
    return parser.getText();
  }

  private byte[] bytes(int lengthBytes, String noun) throws IOException {
    parser.nextToken();
    return currentBytes(lengthBytes, noun);
  }

  private byte[] bytesOrNull(int lengthBytes, String noun) throws IOException {
    return parser.nextToken() == JsonToken.VALUE_NULL ? null : currentBytes(lengthBytes, noun);
  }

  private byte[] currentBytes(int lengthBytes, String noun) throws IOException {
    require(JsonToken.VALUE_EMBEDDED_OBJECT, noun);
    PartBuffer buffer = new PartBuffer(lengthBytes);
    parser.readBinaryValue(buffer);
    byte[] bytes = buffer.toBytes();
    if (bytes.length != lengthBytes) {
      throw new MalformedMessageException(
          "expected " + lengthBytes + " bytes of " + noun + " but got " + bytes.length);
    }
    return bytes;
  }

  private void expect(JsonToken token, String noun) throws IOException {
    parser.nextToken();
    require(token, noun);
  }

  private void require(JsonToken token, String noun) throws IOException {
    JsonToken actual = parser.currentToken();
    if (actual == null) {
      throw truncated(noun);
    }
    if (actual != token) {
      throw new MalformedMessageException(
          "expected "
              + noun
              + " but got "
              + actual
              + " near byte "
              + input.readBytes()
              + " of the body");
    }
  }

  private static void requireRoom(int size, int limit, String noun) throws IOException {
    if (size >= limit) {
      throw new MalformedMessageException(
          "expected at most " + limit + " " + noun + " but got more");
    }
  }

  private MalformedMessageException truncated(String noun) {
    return new MalformedMessageException(
        "expected " + noun + " but the body ends after " + input.readBytes() + " bytes");
  }

  private static long tag(byte[] bytes) {
    long value = 0;
    for (byte single : bytes) {
      value = value << 8 | single & 0xff;
    }
    return value;
  }

  /** Turns what the parser and the value types throw on nonsense into one exception. */
  private <T> T guarded(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (JsonProcessingException nonsense) {
      String reason = nonsense.getOriginalMessage();
      String bounded = reason == null ? "" : reason.substring(0, Math.min(reason.length(), 200));
      throw new MalformedMessageException(
          "expected the protocol's CBOR near byte "
              + input.readBytes()
              + " of the body but: "
              + bounded,
          nonsense);
    } catch (IllegalArgumentException | MalformedEnvelopeException refused) {
      throw new MalformedMessageException(
          refused.getMessage() + " near byte " + input.readBytes() + " of the body", refused);
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Collects one byte string, growing with what arrives, up to its limit. */
  private static final class PartBuffer extends OutputStream {
    private static final int FIRST_BYTES = 4_096;

    private final int limitBytes;
    private byte[] bytes;
    private int length;

    PartBuffer(int limitBytes) {
      this.limitBytes = limitBytes;
      bytes = new byte[Math.min(limitBytes, FIRST_BYTES)];
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
      if (count > limitBytes - length) {
        throw new MessageTooLargeException(
            "expected a byte string of at most " + limitBytes + " bytes but got more");
      }
      if (length + count > bytes.length) {
        byte[] grown = new byte[Math.min(limitBytes, Math.max(length + count, bytes.length * 4))];
        System.arraycopy(bytes, 0, grown, 0, length);
        bytes = grown;
      }
      System.arraycopy(source, offset, bytes, length, count);
      length += count;
    }

    byte[] toBytes() {
      if (length == bytes.length) {
        return bytes;
      }
      byte[] exact = new byte[length];
      System.arraycopy(bytes, 0, exact, 0, length);
      return exact;
    }
  }
}
