package dev.godwit.sync.wire;

import dev.godwit.crdt.causality.Dot;
import java.io.IOException;

/**
 * A transaction's body is not as its format says: truncated, altered, foreign, or of a later
 * version.
 */
public final class MalformedBodyException extends IOException {
  private static final long serialVersionUID = 1;

  private static final int REASON_LENGTH_MAX = 300;

  private final transient Dot dot;

  public MalformedBodyException(Dot dot, String reason, Throwable cause) {
    super("transaction " + dot + " cannot be read: " + bounded(reason), cause);
    this.dot = dot;
  }

  /** Which transaction. */
  public Dot dot() {
    return dot;
  }

  private static String bounded(String reason) {
    return reason.length() <= REASON_LENGTH_MAX
        ? reason
        : reason.substring(0, REASON_LENGTH_MAX) + "…";
  }
}
