package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Collects findings, tells progress, and ends the check when it is cancelled. */
final class Findings {
  /** Steps between two questions whether to go on: some milliseconds. */
  private static final int STEPS_A_TICK = 512;

  private final DoctorOptions options;
  private final List<Finding> kept = new ArrayList<>();
  private long total;
  private boolean damaged;

  Findings(DoctorOptions options) {
    this.options = options;
  }

  void damage(Finding.Check check, String where, String problem, String advice) {
    damaged = true;
    add(new Finding(Finding.Severity.DAMAGE, check, where, problem, advice));
  }

  void warning(Finding.Check check, String where, String problem, String advice) {
    add(new Finding(Finding.Severity.WARNING, check, where, problem, advice));
  }

  void notice(Finding.Check check, String where, String problem, String advice) {
    add(new Finding(Finding.Severity.NOTICE, check, where, problem, advice));
  }

  private void add(Finding finding) {
    total++;
    if (kept.size() < options.findingsMax()) {
      kept.add(finding);
    }
  }

  List<Finding> kept() {
    return kept;
  }

  long total() {
    return total;
  }

  /** Whether anything is damaged. */
  boolean damaged() {
    return damaged;
  }

  /** Tells progress now and then. */
  void at(DoctorOptions.Step step, long done, long outOf) {
    if (done % STEPS_A_TICK == 0) {
      if (options.cancelled().getAsBoolean()) {
        throw new CancellationException("the check was cancelled: nothing was changed");
      }
      options.progress().at(step, done, outOf);
    }
  }
}
