package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;
import java.io.IOException;

/** The parts of one body, one after another, as a carrier takes or delivers them. */
public interface PartSource {
  /**
   * The next part, or null after the last.
   *
   * @throws IOException when the carrier broke off before the end
   */
  EnvelopePart next() throws IOException;
}
