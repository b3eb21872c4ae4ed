package dev.godwit.tests.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** The stock {@code sqlite3} shell, which these tests write with. */
final class SqliteShell {
  private SqliteShell() {}

  /** Skips the test, saying so, where it is not installed. */
  static void require() {
    boolean found;
    try {
      found = new ProcessBuilder("sqlite3", "--version").start().waitFor() == 0;
    } catch (IOException missing) {
      found = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      found = false;
    }
    assumeTrue(found, "skipped: the sqlite3 shell is not installed");
  }
}
