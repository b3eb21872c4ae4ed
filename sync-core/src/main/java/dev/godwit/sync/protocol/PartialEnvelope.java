package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.EnvelopeHash;
import java.util.Objects;

/**
 * A large envelope of which one side holds the first parts; the sender goes on with part {@code
 * partsHeld}.
 *
 * @param dot whose envelope
 * @param hash the whole envelope's hash, as its sender claims it
 * @param partsHeld how many parts are held, from part 0 without gaps, at least 1
 */
public record PartialEnvelope(Dot dot, EnvelopeHash hash, int partsHeld) {
  public PartialEnvelope {
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(hash, "hash");
    if (partsHeld < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 part held of " + dot + " but got " + partsHeld);
    }
  }
}
