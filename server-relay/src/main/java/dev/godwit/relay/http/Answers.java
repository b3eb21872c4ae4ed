package dev.godwit.relay.http;

import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.relay.store.StoreBusyException;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeError.Code;
import dev.godwit.sync.wire.MalformedMessageException;
import dev.godwit.sync.wire.MessageTooLargeException;
import dev.godwit.sync.wire.MessageWriter;
import dev.godwit.sync.wire.RemoteErrorException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures of a request into the protocol's errors. */
final class Answers {
  static final String CBOR = "application/cbor";

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** The error for this failure. What went wrong inside the relay is logged, not told. */
  static ExchangeError errorFor(Exception failure) {
    if (failure instanceof RemoteErrorException known) {
      return known.error();
    }
    if (failure instanceof MessageTooLargeException) {
      return ExchangeError.of(Code.TOO_LARGE, failure.getMessage());
    }
    if (failure instanceof MalformedMessageException) {
      return ExchangeError.of(Code.MALFORMED, failure.getMessage());
    }
    if (failure instanceof RequestTooSlowException) {
      return ExchangeError.of(Code.TOO_SLOW, failure.getMessage());
    }
    if (failure instanceof StoreBusyException) {
      return ExchangeError.of(Code.BUSY, failure.getMessage());
    }
    if (failure instanceof IOException) {
      LOG.debug("a request broke off: {}", failure.getMessage());
      return ExchangeError.of(Code.MALFORMED, "the request broke off");
    }
    LOG.error(
        "a request failed", failure instanceof RelayStoreException ? failure.getCause() : failure);
    return ExchangeError.of(Code.INTERNAL, "the relay failed: its log says why, try again later");
  }

  /** Sends an error, or breaks the connection off when half an answer is on its way. */
  static void send(ExchangeError error, HttpServletResponse response) throws IOException {
    if (response.isCommitted()) {
      throw new IOException("broke off an answer that had begun: " + error.text());
    }
    response.resetBuffer();
    response.setStatus(error.code().httpStatus());
    response.setContentType(CBOR);
    if (error.code() == Code.UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    try (MessageWriter writer = new MessageWriter(response.getOutputStream())) {
      writer.write(error);
    }
  }
}
