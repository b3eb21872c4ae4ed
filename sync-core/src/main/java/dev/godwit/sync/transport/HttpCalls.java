package dev.godwit.sync.transport;

import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.wire.MalformedMessageException;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.RemoteErrorException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Single HTTP calls to a relay: sends, interprets status and failure, and leaves the body of a good
 * answer to the caller.
 *
 * <p>Redirects are not followed: the token must not go to another host. Nothing is retried here.
 * All calls of the process share one connection pool. Thread safe.
 */
final class HttpCalls {
  private static final OkHttpClient SHARED =
      new OkHttpClient.Builder()
          .followRedirects(false)
          .followSslRedirects(false)
          .retryOnConnectionFailure(true)
          .socketFactory(new PromptSocketFactory())
          .build();

  private final OkHttpClient client;
  private final String relay;

  HttpCalls(String relay, HttpSettings settings) {
    this.relay = relay;
    this.client =
        SHARED
            .newBuilder()
            .connectTimeout(settings.connect())
            .readTimeout(settings.read())
            .writeTimeout(settings.write())
            .callTimeout(settings.call())
            .build();
  }

  /** Reads a good answer's body. */
  interface AnswerReader {
    void read(Response response) throws IOException;
  }

  /**
   * A request with as few headers as HTTP needs: with nothing to do they are most of what travels.
   */
  Request.Builder request(String path, SpaceToken token) {
    return new Request.Builder()
        .url(relay + path)
        .header("Authorization", "Bearer " + token.secretText())
        .header("User-Agent", "godwit")
        .header("Accept-Encoding", "identity");
  }

  /**
   * Sends and hands every answer that the protocol knows to the reader; 409 is an answer with
   * refusals.
   */
  void send(Request request, CallBounds bounds, AnswerReader reader) {
    Call call = client.newCall(request);
    if (bounds.left() != null) {
      long leftMillis = Math.max(1, Math.min(bounds.left().toMillis(), client.callTimeoutMillis()));
      call.timeout().timeout(leftMillis, TimeUnit.MILLISECONDS);
    }
    Cancellation.Registration registration = bounds.cancellation().onCancel(call::cancel);
    try (Response response = call.execute()) {
      if (!response.isSuccessful() && response.code() != 409) {
        throw refusal(response);
      }
      reader.read(response);
    } catch (RemoteErrorException refused) {
      throw refused.error().toException();
    } catch (MalformedMessageException nonsense) {
      throw new ExchangeException.InvalidAnswer(
          "the answer of " + relay + " is not a relay's: " + nonsense.getMessage(), nonsense);
    } catch (IOException failed) {
      bounds.cancellation().check();
      throw unreachable(failed);
    } finally {
      registration.close();
    }
  }

  private ExchangeException refusal(Response response) throws IOException {
    int status = response.code();
    try (MessageReader reader = new MessageReader(response.body().byteStream())) {
      ExchangeError error = reader.readError();
      return error.toException();
    } catch (MalformedMessageException notTheProtocol) {
      if (status == 429 || status >= 500) {
        return new ExchangeException.Unreachable(relay + " answers with status " + status, null);
      }
      return new ExchangeException.InvalidAnswer(
          "expected a relay at "
              + relay
              + " but it answers with status "
              + status
              + " and no relay's message",
          null);
    }
  }

  private ExchangeException unreachable(IOException failed) {
    String reason =
        failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    String shown = reason.substring(0, Math.min(reason.length(), 200));
    if (failed instanceof SSLException) {
      return new ExchangeException.Unreachable(
          "no secure connection to " + relay + ": " + shown, failed);
    }
    return new ExchangeException.Unreachable(
        "cannot reach " + relay + " or it broke off: " + shown, failed);
  }
}
