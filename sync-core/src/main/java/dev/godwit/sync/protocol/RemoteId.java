package dev.godwit.sync.protocol;

import java.util.Objects;

/**
 * The name under which a replica remembers what one remote has acknowledged: the same for the same
 * remote, for ever.
 *
 * <p>For a relay its address and the space, without the token.
 *
 * @param text at most 512 characters, shown to people
 */
public record RemoteId(String text) {
  public RemoteId {
    Objects.requireNonNull(text, "text");
    if (text.isEmpty() || text.length() > ProtocolLimits.MAX_TEXT_CHARACTERS) {
      throw new IllegalArgumentException(
          "expected a remote id of 1 to "
              + ProtocolLimits.MAX_TEXT_CHARACTERS
              + " characters but got "
              + text.length());
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
