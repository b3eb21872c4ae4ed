package dev.godwit.tests.simulation;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ForwardingTurn;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.ForwardingRemote;
import dev.godwit.sync.transport.Remote;
import java.io.IOException;

/** A line that breaks after so many parts, in whichever direction they go. */
final class BreakingRemote extends ForwardingRemote {
  private int left;

  BreakingRemote(Remote remote, int partsUntilBreak) {
    super(remote);
    this.left = partsUntilBreak;
  }

  @Override
  protected Turn changed(Turn turn) {
    return new BreakingTurn(turn);
  }

  private void pass() throws IOException {
    if (left == 0) {
      throw new IOException("connection reset");
    }
    left--;
  }

  private final class BreakingTurn extends ForwardingTurn {
    BreakingTurn(Turn turn) {
      super(turn);
    }

    @Override
    public PartSource parts() {
      PartSource parts = super.parts();
      return () -> {
        EnvelopePart part = parts.next();
        if (part != null) {
          pass();
        }
        return part;
      };
    }

    @Override
    public void part(EnvelopePart part) throws IOException {
      pass();
      super.part(part);
    }
  }
}
