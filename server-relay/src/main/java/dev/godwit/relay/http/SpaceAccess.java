package dev.godwit.relay.http;

import dev.godwit.relay.access.TokenHash;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeError.Code;
import dev.godwit.sync.wire.RemoteErrorException;
import io.javalin.http.Context;
import java.util.regex.Pattern;

/** Lets a request in that shows its space's token: {@code Authorization: Bearer TOKEN}. */
final class SpaceAccess {
  /** 16 to 64 bytes in URL-safe Base64 without padding. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,86}");

  private static final String SCHEME = "Bearer ";

  /** Compared with when there is no such space, so that the answer takes as long. */
  private static final TokenHash NOBODYS = TokenHash.of(new byte[32]);

  private final RelayStore store;

  SpaceAccess(RelayStore store) {
    this.store = store;
  }

  /**
   * The space of a request that may use it.
   *
   * @throws RemoteErrorException when it may not; whether the space exists is not told
   */
  SpaceId authorized(Context context) throws RemoteErrorException {
    SpaceId space = space(context);
    TokenHash shown = shownToken(context);
    if (!store.tokenOf(space).orElse(NOBODYS).matches(shown)) {
      throw refused(
          "expected this space's token but got another, or there is no such space here: check the invitation");
    }
    return space;
  }

  SpaceId space(Context context) throws RemoteErrorException {
    try {
      return SpaceId.parse(context.pathParam("space"));
    } catch (IllegalArgumentException nonsense) {
      throw new RemoteErrorException(ExchangeError.of(Code.MALFORMED, nonsense.getMessage()));
    }
  }

  TokenHash shownToken(Context context) throws RemoteErrorException {
    String header = context.header("Authorization");
    String token =
        header != null && header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : "";
    if (!TOKEN.matcher(token).matches()) {
      throw refused(
          "expected a space token of 22 to 86 URL-safe Base64 characters but got "
              + token.length());
    }
    return TokenHash.ofSecret(token);
  }

  private static RemoteErrorException refused(String text) {
    return new RemoteErrorException(ExchangeError.of(Code.UNAUTHORIZED, text));
  }
}
