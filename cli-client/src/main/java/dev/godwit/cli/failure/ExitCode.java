package dev.godwit.cli.failure;

/** The command's exit codes: one for each decision that a script can take. They never change. */
public enum ExitCode {
  DONE(0, "done"),
  UNEXPECTED(1, "a defect of godwit: please report it"),
  USAGE(2, "the command was written wrongly"),
  FILE(3, "the file is missing, not SQLite, damaged, read-only, or the disk is full"),
  LOCKED(4, "the file is locked by another program: try again"),
  SCHEMA(5, "the file is not tracked, or a table cannot be tracked or joined"),
  UNREACHABLE(6, "the relay is down, too slow or was cut off: try again, it continues"),
  NO_ACCESS(7, "the relay does not let this file in, or the invitation is wrong"),
  RELAY(8, "the relay answers nonsense, is of another version, or a limit is reached"),
  SERVE(9, "a relay cannot be run here: the port or the folder is taken"),
  DIFFERENCE(10, "doctor or demo found something wrong"),
  DECLINED(11, "a question was answered with no, or could not be asked"),
  INCOMPLETE(12, "synced, except for what is named: it could not be applied or exchanged"),
  INTERRUPTED(130, "stopped by Ctrl-C; what had been done is kept");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** What the process exits with. */
  public int number() {
    return number;
  }

  /** For people, in one line. */
  public String meaning() {
    return meaning;
  }
}
