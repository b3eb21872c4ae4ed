package dev.godwit.sync.report;

/**
 * Something that a check found.
 *
 * @param severity how bad it is
 * @param check which check found it
 * @param where in which table, row, transaction or trigger
 * @param problem what is expected there and what is found
 * @param advice what to try
 */
public record Finding(Severity severity, Check check, String where, String problem, String advice) {
  /** How bad a finding is. */
  public enum Severity {
    /** Nothing is wrong; worth knowing. */
    NOTICE,
    /** Not as it should be, but nothing is lost and syncing goes on right. */
    WARNING,
    /** What the file shows, holds or sends is not what was written. */
    DAMAGE
  }

  /** What is checked. */
  public enum Check {
    /** The file itself: {@code PRAGMA integrity_check}. */
    FILE,
    /** Foreign keys: {@code PRAGMA foreign_key_check}. */
    REFERENCES,
    /** Triggers and the capture switch. */
    CAPTURE,
    /** The chains of envelopes. */
    LOG,
    /** The version vector against the log. */
    VECTOR,
    /** The merged state against the log, replayed. */
    STATE,
    /** The application's rows against the state. */
    ROWS,
    /** The journal of conflicts against the log, replayed. */
    JOURNAL
  }

  @Override
  public String toString() {
    return severity + " " + check + " " + where + ": " + problem + "; try: " + advice;
  }
}
