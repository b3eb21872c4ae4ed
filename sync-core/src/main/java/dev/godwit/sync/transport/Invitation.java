package dev.godwit.sync.transport;

import dev.godwit.sync.change.SpaceId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import okhttp3.HttpUrl;

/**
 * What a device needs to take part in a space: the relay's address, the space, the secret. One
 * line, a URI:
 *
 * <pre>
 * godwit+https://relay.example.org/3f2a9c0e5b7d41868c1f00a4d2e6b790#qS1mC0c0mXG5m7yqN2JdZw
 * ------------ ----------------- -------------------------------- ----------------------
 * http or https  host, port, path  space                            token
 * </pre>
 *
 * <p>Whoever has it reads and writes the space. The secret is in the fragment, which programs that
 * are given a link do not send. A query is reserved for later versions and ignored. {@link
 * #toString} hides the token; {@link #uri} shows it. Immutable.
 *
 * @param relay where the relay is, an http or https URL that ends in {@code /}
 * @param space the space
 * @param token the secret
 */
public record Invitation(String relay, SpaceId space, SpaceToken token) {
  private static final String SCHEME = "godwit+";

  /** Long enough for every address there is; a longer line is not an invitation. */
  private static final int MAX_LENGTH_CHARACTERS = 1_024;

  /**
   * @throws IllegalArgumentException when the relay is not an http or https URL
   */
  public Invitation {
    Objects.requireNonNull(space, "space");
    Objects.requireNonNull(token, "token");
    relay = normalized(relay);
  }

  /**
   * Reads the line that {@link #uri} wrote; spaces around it do not matter.
   *
   * @throws IllegalArgumentException saying what is wrong, without the secret
   */
  public static Invitation parse(String line) {
    String text = line.trim();
    if (text.length() > MAX_LENGTH_CHARACTERS) {
      throw wrong("it has " + text.length() + " characters", null);
    }
    if (!text.startsWith(SCHEME + "http://") && !text.startsWith(SCHEME + "https://")) {
      throw wrong("it does not begin with " + SCHEME + "https:// or " + SCHEME + "http://", null);
    }
    int hash = text.indexOf('#');
    if (hash < 0) {
      throw wrong(
          "the secret after # is missing: was it cut off, or eaten by a shell? quote it", null);
    }
    String address = text.substring(SCHEME.length(), hash);
    int query = address.indexOf('?');
    String path = query < 0 ? address : address.substring(0, query);
    int slash = path.lastIndexOf('/');
    try {
      return new Invitation(
          path.substring(0, slash + 1),
          SpaceId.parse(path.substring(slash + 1)),
          SpaceToken.parse(text.substring(hash + 1)));
    } catch (IllegalArgumentException refused) {
      throw wrong(refused.getMessage(), refused);
    }
  }

  /** The line to hand over: it gives access to the space. */
  public String uri() {
    return SCHEME + relay + space + "#" + token.secretText();
  }

  /** Whether what is exchanged can be read on the way: plain HTTP to another machine. */
  public boolean isReadableOnTheWay() {
    URI uri = URI.create(relay);
    String host = String.valueOf(uri.getHost());
    return uri.getScheme().equals("http")
        && !host.equals("localhost")
        && !host.startsWith("127.")
        && !host.equals("[::1]");
  }

  @Override
  public String toString() {
    return SCHEME + relay + space + "#…";
  }

  /** Checks a relay's address and gives it its one spelling. */
  static String normalized(String relay) {
    try {
      String shown = relay.length() > 200 ? relay.substring(0, 200) + "…" : relay;
      HttpUrl url = HttpUrl.parse(relay);
      URI uri = new URI(relay);
      if (url == null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null
          || uri.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "expected a relay address like https://relay.example.org or http://192.168.1.20:7117 but got '"
                + shown
                + "'");
      }
      String text = url.toString();
      return text.endsWith("/") ? text : text + "/";
    } catch (URISyntaxException nonsense) {
      throw new IllegalArgumentException(
          "expected a relay address but got one that is no URL: " + nonsense.getReason(), nonsense);
    }
  }

  private static IllegalArgumentException wrong(String why, Exception cause) {
    return new IllegalArgumentException("this is not an invitation: " + why, cause);
  }
}
