package dev.godwit.sync.transport;

import dev.godwit.sync.change.SpaceId;
import java.security.SecureRandom;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Opens spaces at relays. Repeating it with the same space and token changes nothing. */
public final class RelaySpaces {
  private RelaySpaces() {}

  /**
   * Opens this space at a relay under a new secret.
   *
   * @param relay the relay's http or https address
   * @param operatorToken what the relay's operator demands of those who open spaces, if anything
   * @return the invitation for this and every other device
   * @throws dev.godwit.sync.protocol.ExchangeException when the relay cannot be reached or does not
   *     open it
   * @throws IllegalArgumentException when the address is none
   */
  public static Invitation open(
      String relay, SpaceId space, Optional<String> operatorToken, SecureRandom random) {
    Invitation invitation = new Invitation(relay, space, SpaceToken.random(random));
    open(invitation, operatorToken);
    return invitation;
  }

  /**
   * Opens the invitation's space at its relay under its secret: to set up a relay anew that lost
   * its data.
   */
  public static void open(Invitation invitation, Optional<String> operatorToken) {
    HttpCalls calls = new HttpCalls(invitation.relay(), HttpSettings.ofDefaults());
    Request.Builder request =
        calls
            .request("spaces/" + invitation.space(), invitation.token())
            .put(RequestBody.create(new byte[0], null));
    operatorToken.ifPresent(token -> request.header("Godwit-Operator", token));
    calls.send(request.build(), CallBounds.none(), response -> {});
  }
}
