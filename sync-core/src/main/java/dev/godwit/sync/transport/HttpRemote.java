package dev.godwit.sync.transport;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/**
 * A relay over HTTP or HTTPS.
 *
 * <p>Parts are streamed both ways: about two parts are in memory. A turn without parts is one small
 * request of known length. Closing is not needed; connections are shared and time out by
 * themselves. Thread safe.
 */
public final class HttpRemote implements Remote {
  private static final MediaType CBOR = MediaType.get("application/cbor");

  private final Invitation invitation;
  private final HttpCalls calls;

  private HttpRemote(Invitation invitation, HttpSettings settings) {
    this.invitation = Objects.requireNonNull(invitation, "invitation");
    this.calls = new HttpCalls(invitation.relay(), settings);
  }

  /** The relay and space of an invitation, with default time limits. */
  public static HttpRemote of(Invitation invitation) {
    return of(invitation, HttpSettings.ofDefaults());
  }

  /** The relay and space of an invitation. */
  public static HttpRemote of(Invitation invitation, HttpSettings settings) {
    return new HttpRemote(invitation, settings);
  }

  @Override
  public RemoteId id() {
    return new RemoteId(invitation.relay() + invitation.space());
  }

  @Override
  public SpaceId space() {
    return invitation.space();
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    RequestBody body;
    try {
      body = turn.hasParts() ? new PartsBody(turn) : smallBody(turn);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    calls.send(
        calls
            .request("spaces/" + invitation.space() + "/exchange", invitation.token())
            .post(body)
            .build(),
        bounds,
        response -> deliver(response, turn));
  }

  private static void deliver(Response response, Turn turn) throws IOException {
    try (MessageReader reader = new MessageReader(response.body().byteStream())) {
      turn.sink().message(reader.readAnswer());
      for (EnvelopePart part = reader.next(); part != null; part = reader.next()) {
        turn.sink().part(part);
      }
      turn.sink().end(reader.end());
    }
  }

  private static RequestBody smallBody(Turn turn) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writeBody(turn, bytes);
    return RequestBody.create(bytes.toByteArray(), CBOR);
  }

  private static void writeBody(Turn turn, OutputStream output) throws IOException {
    try (MessageWriter writer = new MessageWriter(output)) {
      writer.write(turn.request());
      if (turn.hasParts()) {
        PartSource parts = turn.parts();
        for (EnvelopePart part = parts.next(); part != null; part = parts.next()) {
          writer.write(part);
        }
      }
      writer.write(ExchangeEnd.OF_REQUEST);
    }
  }

  /**
   * Streams a turn's parts; they can be taken once, so the client must not repeat the request by
   * itself.
   */
  private static final class PartsBody extends RequestBody {
    private final Turn turn;

    PartsBody(Turn turn) {
      this.turn = turn;
    }

    @Override
    public MediaType contentType() {
      return CBOR;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      writeBody(turn, sink.outputStream());
    }
  }
}
