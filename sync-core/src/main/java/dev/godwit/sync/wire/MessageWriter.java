package dev.godwit.sync.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one body of the protocol: a CBOR sequence (RFC 8742) of one message, its parts, and the
 * end.
 *
 * <pre>
 * body     = message part* end | error
 * request  = [1, version, sender bytes(16), history bytes(8) | null, position, heads, partials, questions,
 *             max answer bytes, max answer parts]
 * answer   = [2, version, history bytes(8), heads, partials, refusals, hashes]
 * part     = [3, replica bytes(16), sequence, index, count, check, content bytes]
 * check    = hash bytes(32) of the envelope; its first bytes(8) when count = 1
 * end      = [4, position, more bool]
 * error    = [5, code, oldest version, newest version, text]
 *
 * heads    = [replica bytes(16), sequence, tag bytes(8), …]          flat: three items a replica
 * partials = [[replica bytes(16), sequence, hash bytes(32), parts held], …]
 * questions= [[replica bytes(16), sequence], …]
 * refusals = [[code, replica bytes(16), sequence, head sequence, head hash bytes(32), text], …]
 * hashes   = [hash bytes(32) | null, …]
 * </pre>
 *
 * <p>Later versions may append items to any of these arrays, and add kinds; version 1 readers skip
 * both. Closing hands everything to the stream, without flushing or closing that. Not thread safe.
 */
public final class MessageWriter implements Closeable {
  private static final CBORFactory FACTORY =
      CBORFactory.builder().enable(CBORGenerator.Feature.WRITE_MINIMAL_INTS).build();

  private final CBORGenerator generator;

  public MessageWriter(OutputStream output) throws IOException {
    generator = FACTORY.createGenerator(output);
    generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    generator.disable(
        JsonGenerator.Feature
            .FLUSH_PASSED_TO_STREAM); // a server can then give small answers a length
  }

  /** Begins a request's body. */
  public void write(ExchangeRequest request) throws IOException {
    generator.writeStartArray(null, 10);
    generator.writeNumber(ItemKind.REQUEST);
    generator.writeNumber(ProtocolLimits.VERSION);
    generator.writeBinary(request.sender().bytes());
    if (request.history().isPresent()) {
      tag(request.history().get().value());
    } else {
      generator.writeNull();
    }
    generator.writeNumber(request.position());
    heads(request.heads());
    partials(request.partials());
    generator.writeStartArray(null, request.questions().size());
    for (Dot dot : request.questions()) {
      generator.writeStartArray(null, 2);
      dot(dot);
      generator.writeEndArray();
    }
    generator.writeEndArray();
    generator.writeNumber(request.maxAnswerBytes());
    generator.writeNumber(request.maxAnswerParts());
    generator.writeEndArray();
  }

  /** Begins an answer's body. */
  public void write(ExchangeAnswer answer) throws IOException {
    generator.writeStartArray(null, 7);
    generator.writeNumber(ItemKind.ANSWER);
    generator.writeNumber(ProtocolLimits.VERSION);
    tag(answer.history().value());
    heads(answer.heads());
    partials(answer.partials());
    refusals(answer.refusals());
    generator.writeStartArray(null, answer.hashes().size());
    for (Optional<EnvelopeHash> hash : answer.hashes()) {
      hash(hash.orElse(null));
    }
    generator.writeEndArray();
    generator.writeEndArray();
  }

  /** Goes on with a part. */
  public void write(EnvelopePart part) throws IOException {
    generator.writeStartArray(null, 7);
    generator.writeNumber(ItemKind.PART);
    dot(part.dot());
    generator.writeNumber(part.index());
    generator.writeNumber(part.count());
    if (part.isWhole()) {
      tag(part.hash().tag());
    } else {
      hash(part.hash());
    }
    generator.writeBinary(part.bytes());
    generator.writeEndArray();
  }

  /** Ends the body. */
  public void write(ExchangeEnd end) throws IOException {
    generator.writeStartArray(null, 3);
    generator.writeNumber(ItemKind.END);
    generator.writeNumber(end.position());
    generator.writeBoolean(end.more());
    generator.writeEndArray();
  }

  /** The whole body is an error. */
  public void write(ExchangeError error) throws IOException {
    generator.writeStartArray(null, 5);
    generator.writeNumber(ItemKind.ERROR);
    generator.writeNumber(error.code().number());
    generator.writeNumber(error.oldestVersion());
    generator.writeNumber(error.newestVersion());
    generator.writeString(error.text());
    generator.writeEndArray();
  }

  @Override
  public void close() throws IOException {
    generator.close();
  }

  private void heads(Heads heads) throws IOException {
    generator.writeStartArray(null, heads.entries().size() * 3);
    for (Map.Entry<ReplicaId, Head> entry : heads.entries().entrySet()) {
      generator.writeBinary(entry.getKey().bytes());
      generator.writeNumber(entry.getValue().sequence());
      tag(entry.getValue().tag());
    }
    generator.writeEndArray();
  }

  private void partials(List<PartialEnvelope> partials) throws IOException {
    int count = Math.min(partials.size(), ProtocolLimits.MAX_PARTIALS);
    generator.writeStartArray(null, count);
    for (PartialEnvelope partial : partials.subList(0, count)) {
      generator.writeStartArray(null, 4);
      dot(partial.dot());
      hash(partial.hash());
      generator.writeNumber(partial.partsHeld());
      generator.writeEndArray();
    }
    generator.writeEndArray();
  }

  private void refusals(List<Refusal> refusals) throws IOException {
    generator.writeStartArray(null, refusals.size());
    for (Refusal refusal : refusals) {
      generator.writeStartArray(null, 6);
      generator.writeNumber(refusal.reason().code());
      dot(refusal.dot());
      generator.writeNumber(refusal.headSequence());
      hash(refusal.headHash());
      generator.writeString(refusal.text());
      generator.writeEndArray();
    }
    generator.writeEndArray();
  }

  private void dot(Dot dot) throws IOException {
    generator.writeBinary(dot.replica().bytes());
    generator.writeNumber(dot.sequence());
  }

  private void hash(EnvelopeHash hash) throws IOException {
    if (hash == null) {
      generator.writeNull();
    } else {
      generator.writeBinary(hash.bytes());
    }
  }

  private void tag(long value) throws IOException {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (value >>> 8 * (bytes.length - 1 - i));
    }
    generator.writeBinary(bytes);
  }
}
