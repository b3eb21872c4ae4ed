package dev.godwit.relay.http;

import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.AnswerSink;
import dev.godwit.sync.protocol.Answering;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeError.Code;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.MessageTooLargeException;
import dev.godwit.sync.wire.MessageWriter;
import dev.godwit.sync.wire.RemoteErrorException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /spaces/{space}/exchange}: one turn of an exchange.
 *
 * <p>Access is checked before a byte of the body is read. Bodies are streamed both ways. Status
 * 200, or 409 when the answer holds refusals.
 */
final class ExchangeRoute implements Handler {
  /** How long a request waits for another exchange to end before it is sent away. */
  private static final int ROOM_SECONDS = 10;

  private final RelayStore store;
  private final SpaceAccess access;
  private final RelayLimits limits;
  private final Semaphore room;

  ExchangeRoute(RelayStore store, RelayLimits limits) {
    this.store = store;
    this.access = new SpaceAccess(store);
    this.limits = limits;
    this.room = new Semaphore(limits.exchanges(), true);
  }

  @Override
  public void handle(Context context) throws Exception {
    SpaceId space = access.authorized(context);
    if (context.req().getContentLengthLong() > ProtocolLimits.MAX_BODY_BYTES) {
      throw new MessageTooLargeException(
          "expected a body of at most "
              + ProtocolLimits.MAX_BODY_BYTES
              + " bytes but got "
              + context.req().getContentLengthLong());
    }
    if (!room.tryAcquire(ROOM_SECONDS, TimeUnit.SECONDS)) {
      throw new RemoteErrorException(
          ExchangeError.of(Code.BUSY, "the relay is busy: try again later"));
    }
    try {
      exchange(context, space);
    } finally {
      room.release();
    }
  }

  private void exchange(Context context, SpaceId space) throws IOException {
    Answering answering = Answering.of(store.log(space), store.history());
    try (MessageReader reader =
        new MessageReader(new TimedInput(context.req().getInputStream(), limits.requestTime()))) {
      ExchangeRequest request = reader.readRequest();
      answering.answer(request, reader, new HttpSink(context.res()));
    }
  }

  /**
   * Writes the answer; small ones are sent with their length, since nothing is flushed before the
   * end.
   */
  private static final class HttpSink implements AnswerSink {
    private final HttpServletResponse response;
    private MessageWriter writer;

    HttpSink(HttpServletResponse response) {
      this.response = response;
    }

    @Override
    public void message(ExchangeAnswer answer) throws IOException {
      response.setStatus(answer.refusals().isEmpty() ? 200 : 409);
      response.setContentType(Answers.CBOR);
      writer = new MessageWriter(response.getOutputStream());
      writer.write(answer);
    }

    @Override
    public void part(EnvelopePart part) throws IOException {
      writer.write(part);
    }

    @Override
    public void end(ExchangeEnd end) throws IOException {
      writer.write(end);
      writer.close();
    }
  }
}
