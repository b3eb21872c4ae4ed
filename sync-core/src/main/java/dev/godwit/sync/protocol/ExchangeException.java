package dev.godwit.sync.protocol;

import dev.godwit.sync.protocol.ExchangeError.Code;
import java.util.Objects;

/**
 * An exchange ended before its end. The subclasses are the decisions that a caller can take;
 * whatever had been transferred before is kept, and the next exchange goes on from there.
 */
public abstract class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The remote could not be reached, was too slow, was cut off or said it is busy: try again later.
   */
  public static final class Unreachable extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The remote does not let this replica in: the invitation is wrong, or was withdrawn. */
  public static final class CredentialsRefused extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public CredentialsRefused(String message) {
      super(message, null);
    }
  }

  /** The two sides share no protocol version: update the one that is old. */
  public static final class VersionMismatch extends ExchangeException {
    private static final long serialVersionUID = 1L;

    private final boolean remoteIsOlder;

    public VersionMismatch(int oldestThere, int newestThere) {
      super(message(oldestThere, newestThere), null);
      remoteIsOlder = newestThere < ProtocolLimits.VERSION;
    }

    /** This program is the old one: it met an envelope of a later format. */
    VersionMismatch(String message) {
      super(message, null);
      remoteIsOlder = false;
    }

    private static String message(int oldestThere, int newestThere) {
      boolean remoteIsOlder = newestThere < ProtocolLimits.VERSION;
      return "expected a remote that speaks protocol version "
          + ProtocolLimits.VERSION
          + " but it speaks "
          + oldestThere
          + " to "
          + newestThere
          + ": "
          + (remoteIsOlder
              ? "the remote is too old, update it"
              : "this program is too old, update it");
    }

    /** Whether it is the remote that has to be updated; otherwise this program. */
    public boolean remoteIsOlder() {
      return remoteIsOlder;
    }
  }

  /**
   * The remote's answer breaks the protocol, or its envelopes their own hashes: report it; nothing
   * of it was kept.
   */
  public static final class InvalidAnswer extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public InvalidAnswer(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A limit of the remote stands in the way; everything else was exchanged. */
  public static final class LimitReached extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public LimitReached(String message) {
      super(message, null);
    }
  }

  /** The remote refuses the request for good: the message says why. */
  public static final class Refused extends ExchangeException {
    private static final long serialVersionUID = 1L;

    private final transient Code code;

    public Refused(Code code, String message) {
      super(message, null);
      this.code = Objects.requireNonNull(code, "code");
    }

    /** The remote's reason. */
    public Code code() {
      return code;
    }
  }

  /**
   * Two devices keep writing under one id although it was changed: the exchange gave up looking for
   * its end.
   */
  public static final class Forked extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public Forked(String message) {
      super(message, null);
    }
  }

  /** The caller cancelled it. */
  public static final class Cancelled extends ExchangeException {
    private static final long serialVersionUID = 1L;

    public Cancelled(String message) {
      super(message, null);
    }
  }
}
