package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.Value;

/** Stands for a value where only equality matters: the value, or its hash when it is large. */
final class Fingerprint {
  /** Values up to this size stand for themselves. */
  static final int WHOLE_UP_TO_BYTES = 1024;

  private Fingerprint() {}

  static Value of(Value value) {
    return value.sizeBytes() <= WHOLE_UP_TO_BYTES
        ? value
        : Value.of(EnvelopeHash.digest().digest(value.canonicalBytes()));
  }
}
