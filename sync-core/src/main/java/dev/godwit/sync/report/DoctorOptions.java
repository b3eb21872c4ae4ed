package dev.godwit.sync.report;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * How to run a check. Defaults: {@value #FINDINGS_MAX_DEFAULT} findings, no progress, never
 * cancelled. Immutable.
 */
public final class DoctorOptions {
  /** More findings than a person reads; usually all have one cause. */
  public static final int FINDINGS_MAX_DEFAULT = 100;

  private final int findingsMax;
  private final Progress progress;
  private final BooleanSupplier cancelled;

  /** What a check is at. */
  public enum Step {
    /** Looks at the file: pages, indexes, references, triggers. */
    FILE,
    /** Looks at the chains of the log. */
    LOG,
    /** Replays the log. */
    REPLAY,
    /** Reads the keys of the tables. */
    TABLES,
    /** Compares rows, state and log. */
    ROWS
  }

  /** Is told how far a check is, on the thread that runs it. */
  public interface Progress {
    /**
     * So much of a step is done.
     *
     * @param done transactions or rows
     * @param total how many there are, -1 when that is not known
     */
    void at(Step step, long done, long total);
  }

  private DoctorOptions(Builder builder) {
    this.findingsMax = builder.findingsMax;
    this.progress = builder.progress;
    this.cancelled = builder.cancelled;
  }

  /** The defaults. */
  public static DoctorOptions ofDefaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** How many findings are kept; more are counted. */
  public int findingsMax() {
    return findingsMax;
  }

  public Progress progress() {
    return progress;
  }

  /** Asked every now and then: true ends the check. */
  public BooleanSupplier cancelled() {
    return cancelled;
  }

  /** Settings in the making. */
  public static final class Builder {
    private int findingsMax = FINDINGS_MAX_DEFAULT;
    private Progress progress = (step, done, total) -> {};
    private BooleanSupplier cancelled = () -> false;

    private Builder() {}

    /** How many findings to keep, 1 … {@link Paging#LIMIT_MAX}. */
    public Builder findingsMax(int most) {
      if (most < 1 || most > Paging.LIMIT_MAX) {
        throw new IllegalArgumentException(
            "expected 1 to " + Paging.LIMIT_MAX + " findings but got " + most);
      }
      findingsMax = most;
      return this;
    }

    public Builder progress(Progress listener) {
      progress = Objects.requireNonNull(listener, "progress");
      return this;
    }

    public Builder cancelled(BooleanSupplier asked) {
      cancelled = Objects.requireNonNull(asked, "cancelled");
      return this;
    }

    public DoctorOptions build() {
      return new DoctorOptions(this);
    }
  }
}
