package dev.godwit.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.SpaceId;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InvitationTest {
  private static final String SPACE = "3f2a9c0e5b7d41868c1f00a4d2e6b790";
  private static final String TOKEN = "qS1mC0c0mXG5m7yqN2JdZw";

  @Test
  void theLineComesBack() {
    String line = "godwit+https://relay.example.org/" + SPACE + "#" + TOKEN;
    Invitation invitation = Invitation.parse("  " + line + "\n");
    assertEquals("https://relay.example.org/", invitation.relay());
    assertEquals(SpaceId.parse(SPACE), invitation.space());
    assertEquals(TOKEN, invitation.token().secretText());
    assertEquals(line, invitation.uri());
    assertEquals(invitation, Invitation.parse(invitation.uri()));
  }

  @Test
  void portAndPathOfTheRelayAreKept() {
    Invitation invitation =
        Invitation.parse(
            "godwit+http://192.168.1.20:7117/under/a/proxy/" + SPACE + "?later=1#" + TOKEN);
    assertEquals("http://192.168.1.20:7117/under/a/proxy/", invitation.relay());
    assertTrue(invitation.isReadableOnTheWay());
    assertFalse(
        Invitation.parse("godwit+http://127.0.0.1:7117/" + SPACE + "#" + TOKEN)
            .isReadableOnTheWay());
    assertFalse(
        Invitation.parse("godwit+http://localhost:7117/" + SPACE + "#" + TOKEN)
            .isReadableOnTheWay());
  }

  @Test
  void whatIsWrongIsSaidWithoutTheSecret() {
    refused(
        "https://relay.example.org/" + SPACE + "#" + TOKEN, "does not begin with godwit+https://");
    refused("", "does not begin");
    refused("godwit+https://relay.example.org/" + SPACE, "secret after # is missing");
    refused("godwit+https://relay.example.org/" + SPACE + "#", "expected a space token");
    refused(
        "godwit+https://relay.example.org/" + SPACE + "#" + TOKEN.substring(0, 20),
        "space token of");
    refused("godwit+https://relay.example.org/" + SPACE + "#%%%%%%%%%%%%%%%%%%%%%%", "cut off");
    refused(
        "godwit+https://relay.example.org/" + SPACE.substring(1) + "#" + TOKEN,
        "32 hexadecimal digits");
    refused("godwit+https:///" + SPACE + "#" + TOKEN, "relay address");
    refused("godwit+https://user:pass@relay/" + SPACE + "#" + TOKEN, "relay address");
    refused("godwit+https://relay.example.org:99999/" + SPACE + "#" + TOKEN, "relay address");
    refused("godwit+https://relay example/" + SPACE + "#" + TOKEN, "no URL");
    refused("godwit+https://" + "a".repeat(2_000) + "/" + SPACE + "#" + TOKEN, "characters");
  }

  @Test
  void theSecretIsNotShownUnlessAskedFor() {
    Invitation invitation =
        new Invitation("http://localhost:7117", SpaceId.parse(SPACE), SpaceToken.parse(TOKEN));
    assertFalse(invitation.toString().contains(TOKEN));
    assertFalse(("" + invitation.token()).contains(TOKEN));
    assertFalse(HttpRemote.of(invitation).id().text().contains(TOKEN));
  }

  @Test
  void tokensHold128RandomBits() {
    SpaceToken token = SpaceToken.random(new SecureRandom());
    assertEquals(16, token.secretBytes().length);
    assertEquals(token, SpaceToken.parse(token.secretText()));
  }

  @Test
  void randomLinesAreRefusedOrParsed() {
    long seed = 77;
    System.out.println("InvitationTest seed " + seed);
    Random random = new Random(seed);
    String good = "godwit+https://relay.example.org:7117/" + SPACE + "#" + TOKEN;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder line = new StringBuilder(good);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        line.setCharAt(random.nextInt(line.length()), (char) (32 + random.nextInt(96)));
      }
      try {
        Invitation.parse(Invitation.parse(line.toString()).uri());
      } catch (IllegalArgumentException refused) {
        assertTrue(
            refused.getMessage().startsWith("this is not an invitation"), refused.getMessage());
      }
    }
  }

  private static void refused(String line, String reason) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Invitation.parse(line), line);
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    assertFalse(refused.getMessage().contains(TOKEN), refused.getMessage());
  }
}
