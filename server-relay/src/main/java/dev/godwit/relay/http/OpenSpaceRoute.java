package dev.godwit.relay.http;

import dev.godwit.relay.access.SpaceOpening;
import dev.godwit.relay.access.TokenHash;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeError.Code;
import dev.godwit.sync.wire.RemoteErrorException;
import io.javalin.http.Context;
import io.javalin.http.Handler;

/**
 * {@code PUT /spaces/{space}}: opens a space under the token that the request shows. Status 201, or
 * 200 when it was open under that token.
 */
final class OpenSpaceRoute implements Handler {
  private final RelayStore store;
  private final SpaceAccess access;
  private final SpaceOpening opening;

  OpenSpaceRoute(RelayStore store, SpaceOpening opening) {
    this.store = store;
    this.access = new SpaceAccess(store);
    this.opening = opening;
  }

  @Override
  public void handle(Context context) throws Exception {
    SpaceId space = access.space(context);
    TokenHash token = access.shownToken(context);
    if (store.tokenOf(space).map(held -> held.matches(token)).orElse(false)) {
      context.status(200);
      return;
    }
    if (!opening.allows(context.header("Godwit-Operator"))) {
      throw refused(
          Code.OPENING_REFUSED,
          "this relay does not open spaces for everyone: ask its operator for the token");
    }
    switch (store.open(space, token)) {
      case OPENED -> context.status(201);
      case WAS_OPEN -> context.status(200);
      case OTHER_TOKEN ->
          throw refused(Code.OPENING_REFUSED, "this space is open under another secret");
      default ->
          throw refused(Code.TOO_MANY_SPACES, "this relay has as many spaces as it may have");
    }
  }

  private static RemoteErrorException refused(Code code, String text) {
    return new RemoteErrorException(ExchangeError.of(code, text));
  }
}
