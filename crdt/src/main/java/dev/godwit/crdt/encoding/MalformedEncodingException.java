package dev.godwit.crdt.encoding;

/**
 * Bytes that are not the canonical encoding of anything: says what was expected, what was found and
 * where.
 */
public final class MalformedEncodingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /** Of the byte at this index, from 0. */
  public MalformedEncodingException(String message, int position) {
    super(message + " at byte " + position);
    this.position = position;
  }

  /** The index of the byte that could not be read, from 0. */
  public int position() {
    return position;
  }
}
