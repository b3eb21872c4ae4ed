package dev.godwit.sync.change;

/** An envelope is of a format version that this program does not know: it is too old for it. */
public final class UnknownEnvelopeVersionException extends MalformedEnvelopeException {
  private static final long serialVersionUID = 1L;

  private final long version;

  public UnknownEnvelopeVersionException(long version) {
    super(
        "expected envelope format version "
            + EnvelopeHeader.FORMAT_VERSION
            + " but got "
            + version
            + ": the writer is newer than this program");
    this.version = version;
  }

  /** The version that was met. */
  public long version() {
    return version;
  }
}
