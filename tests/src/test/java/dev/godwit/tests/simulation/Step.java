package dev.godwit.tests.simulation;

import java.util.List;

/** One step of a schedule. Steps name devices by number and depend on nothing but the files. */
sealed interface Step {
  /**
   * Statements in one transaction, by a program of its own or through the library. A statement that
   * SQLite refuses leaves nothing behind and the transaction goes on.
   */
  record Write(int device, boolean throughLibrary, List<String> statements) implements Step {
    @Override
    public String toString() {
      String sql = String.join("; ", statements);
      return (throughLibrary ? "library " : "") + "BEGIN; " + sql + "; COMMIT";
    }
  }

  /** Seals and packs what is pending. */
  record Seal(int device) implements Step {
    @Override
    public String toString() {
      return "seal";
    }
  }

  /**
   * One device asks another.
   *
   * @param partsUntilBreak after how many parts the line breaks, {@link #WHOLE} for never
   */
  record Sync(int device, int other, int partsUntilBreak) implements Step {
    static final int WHOLE = Integer.MAX_VALUE;

    @Override
    public String toString() {
      return "sync with "
          + Scenario.name(other)
          + (partsUntilBreak == WHOLE ? "" : ", cut after " + partsUntilBreak + " parts");
    }
  }

  /** Everything that one device holds is handed to another once more. */
  record Repeat(int device, int other) implements Step {
    @Override
    public String toString() {
      return "is handed everything of " + Scenario.name(other) + " once more";
    }
  }

  /** Somebody decides one of the conflicts that wait, if any, for one of the values. */
  record Settle(int device, int which) implements Step {
    @Override
    public String toString() {
      return "settles conflict " + which;
    }
  }

  /** The process ends and begins again, whatever is pending. */
  record Reopen(int device) implements Step {
    @Override
    public String toString() {
      return "close and open";
    }
  }

  /** The device's clock is set, by so much from what it was. */
  record Jump(int device, long millis) implements Step {
    @Override
    public String toString() {
      return "clock jumps by " + millis + " ms";
    }
  }

  int device();
}
