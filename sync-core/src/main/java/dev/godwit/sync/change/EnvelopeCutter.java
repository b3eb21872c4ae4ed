package dev.godwit.sync.change;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * Turns a header and a stream of body bytes into the envelope's pieces and its hash, holding one
 * piece in memory.
 *
 * <p>The header is written by the constructor; write the body, then {@link #finish()}. Each piece
 * is handed to the sink as soon as it is full, in order. The hash is known only at the end, which
 * is why the sink gets bytes and not yet {@link EnvelopePart}s. Not thread safe.
 */
public final class EnvelopeCutter extends OutputStream {
  /** Takes the pieces, usually into the log; an exception it throws passes through. */
  public interface Sink {
    /**
     * Keeps one piece.
     *
     * @param index its place, from 0
     * @param bytes exactly the piece's bytes; the cutter does not use the array again
     */
    void piece(int index, byte[] bytes) throws IOException;
  }

  private final EnvelopeHeader header;
  private final Sink sink;
  private final MessageDigest digest = EnvelopeHash.digest();
  private byte[] piece;
  private int filledBytes;
  private int index;
  private long leftBytes;

  public EnvelopeCutter(EnvelopeHeader header, Sink sink) throws IOException {
    this.header = header;
    this.sink = sink;
    leftBytes = header.envelopeLengthBytes();
    piece = nextPiece();
    write(header.encode());
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  /** Adds body bytes; more than the header announced are refused. */
  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length > leftBytes) {
      throw new IOException(
          "expected a body of "
              + header.bodyLengthBytes()
              + " bytes but got more for "
              + header.dot());
    }
    digest.update(source, offset, length);
    int from = offset;
    int left = length;
    while (left > 0) {
      int copied = Math.min(left, piece.length - filledBytes);
      System.arraycopy(source, from, piece, filledBytes, copied);
      filledBytes += copied;
      from += copied;
      left -= copied;
      leftBytes -= copied;
      if (filledBytes == piece.length) {
        sink.piece(index++, piece);
        piece = nextPiece();
        filledBytes = 0;
      }
    }
  }

  /**
   * Ends the envelope.
   *
   * @return its hash
   * @throws IOException when the body is shorter than the header announced
   */
  public EnvelopeHash finish() throws IOException {
    if (leftBytes > 0) {
      throw new IOException(
          "expected a body of "
              + header.bodyLengthBytes()
              + " bytes but it ended "
              + leftBytes
              + " bytes early for "
              + header.dot());
    }
    return EnvelopeHash.of(digest.digest());
  }

  private byte[] nextPiece() {
    return new byte[(int) Math.min(EnvelopePart.MAX_LENGTH_BYTES, leftBytes)];
  }
}
