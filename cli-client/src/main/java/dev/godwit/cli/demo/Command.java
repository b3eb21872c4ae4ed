package dev.godwit.cli.demo;

import dev.godwit.cli.session.Environment;

/** Runs one line of the {@code godwit} command on a machine. */
public interface Command {
  /** Returns the exit code. */
  int run(Environment machine, String... arguments);
}
