package dev.godwit.relay.access;

/**
 * Who may open spaces at a relay; the operator's decision. Using a space that is open takes its
 * token and nothing else.
 *
 * <p>Immutable.
 */
public final class SpaceOpening {
  /**
   * 128 random bits in hexadecimal have 32 characters; anything under 16 can be guessed over a
   * network.
   */
  public static final int MIN_OPERATOR_TOKEN_CHARACTERS = 16;

  private final boolean open;
  private final TokenHash operatorToken;

  private SpaceOpening(boolean open, TokenHash operatorToken) {
    this.open = open;
    this.operatorToken = operatorToken;
  }

  /** Whoever reaches the relay: for a relay on loopback or in a trusted network. */
  public static SpaceOpening anyone() {
    return new SpaceOpening(true, null);
  }

  /**
   * Whoever knows this secret.
   *
   * @throws IllegalArgumentException when it is too short
   */
  public static SpaceOpening withOperatorToken(String token) {
    if (token.length() < MIN_OPERATOR_TOKEN_CHARACTERS) {
      throw new IllegalArgumentException(
          "expected an operator token of at least "
              + MIN_OPERATOR_TOKEN_CHARACTERS
              + " characters but got "
              + token.length());
    }
    return new SpaceOpening(false, TokenHash.ofSecret(token));
  }

  /** Nobody: the spaces that are open stay so. */
  public static SpaceOpening nobody() {
    return new SpaceOpening(false, null);
  }

  /** Whether a caller who showed this token, null for none, may open a space. */
  public boolean allows(String shownToken) {
    return open
        || operatorToken != null
            && shownToken != null
            && operatorToken.matches(TokenHash.ofSecret(shownToken));
  }
}
