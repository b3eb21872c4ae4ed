package dev.godwit.sync.protocol;

import java.util.Objects;

/**
 * The answer to a request that was not carried out at all. Its encoding never changes, so that a
 * side of any version can read it.
 *
 * @param code the kind, on which a program decides
 * @param oldestVersion the oldest protocol version that the answering side understands
 * @param newestVersion the newest
 * @param text one line for a person
 */
public record ExchangeError(Code code, int oldestVersion, int newestVersion, String text) {
  /** The kinds of error. The codes travel; they are never reused. */
  public enum Code {
    /** The request's protocol version is none of {@code oldestVersion} to {@code newestVersion}. */
    UNKNOWN_VERSION(1, 426),
    /** The body is not what the protocol says: truncated, altered or something else altogether. */
    MALFORMED(2, 400),
    /** The body is larger than the limit. */
    TOO_LARGE(3, 413),
    /** No such space, or not this token: which of them is not told. */
    UNAUTHORIZED(4, 401),
    /** This relay does not open spaces for this caller. */
    OPENING_REFUSED(5, 403),
    /** The relay has as many spaces as it may have. */
    TOO_MANY_SPACES(6, 507),
    /** Too much at once: try again later. */
    BUSY(7, 503),
    /** Nothing is served at this address. */
    NOT_FOUND(8, 404),
    /** The answering side failed: try again later. Its own log says why. */
    INTERNAL(9, 500),
    /** The request took longer than it may. */
    TOO_SLOW(10, 408),
    /** A kind that a later version added. */
    UNKNOWN(0, 500);

    private final int number;
    private final int httpStatus;

    Code(int number, int httpStatus) {
      this.number = number;
      this.httpStatus = httpStatus;
    }

    /** The number that travels. */
    public int number() {
      return number;
    }

    /** The status it travels under over HTTP. */
    public int httpStatus() {
      return httpStatus;
    }

    /** The kind with this number, {@link #UNKNOWN} for one of a later version. */
    public static Code of(int number) {
      for (Code code : values()) {
        if (code.number == number) {
          return code;
        }
      }
      return UNKNOWN;
    }
  }

  public ExchangeError {
    Objects.requireNonNull(code, "code");
    if (text.length() > ProtocolLimits.MAX_TEXT_CHARACTERS) {
      text = text.substring(0, ProtocolLimits.MAX_TEXT_CHARACTERS);
    }
  }

  /** An error of this program's own versions. */
  public static ExchangeError of(Code code, String text) {
    return new ExchangeError(code, ProtocolLimits.VERSION, ProtocolLimits.VERSION, text);
  }

  /** The exception a caller can decide on. */
  public ExchangeException toException() {
    return switch (code) {
      case UNKNOWN_VERSION -> new ExchangeException.VersionMismatch(oldestVersion, newestVersion);
      case UNAUTHORIZED, OPENING_REFUSED -> new ExchangeException.CredentialsRefused(text);
      case BUSY, INTERNAL, TOO_SLOW -> new ExchangeException.Unreachable(text, null);
      case TOO_MANY_SPACES -> new ExchangeException.LimitReached(text);
      default -> new ExchangeException.Refused(code, text);
    };
  }
}
