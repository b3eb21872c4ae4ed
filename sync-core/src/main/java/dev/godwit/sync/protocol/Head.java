package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopeHash;

/**
 * How far one side holds one replica's log without gaps, and a tag of the last envelope there.
 *
 * @param sequence the highest sequence held, 0 for none
 * @param tag the first eight bytes of that envelope's hash ({@link EnvelopeHash#tag()}), 0 when the
 *     sequence is 0. It shows an honest fork at the handshake; what is kept is always checked
 *     against whole hashes
 */
public record Head(long sequence, long tag) {
  /** Nothing of this replica is held. */
  public static final Head NONE = new Head(0, 0);

  public Head {
    if (sequence < 0) {
      throw new IllegalArgumentException(
          "expected a head's sequence of at least 0 but got " + sequence);
    }
  }

  /** The head at this envelope. */
  public static Head of(long sequence, EnvelopeHash hash) {
    return new Head(sequence, hash.tag());
  }
}
