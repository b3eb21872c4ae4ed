package dev.godwit.cli.session;

import java.io.File;
import java.nio.file.Path;

/**
 * Notices that somebody has written to a database file: its time or length has changed, or those of
 * its write-ahead log.
 */
public final class FileWatch {
  /** People do not feel a fifth of a second. */
  private static final long LOOK_MILLIS = 200;

  private final File file;
  private final File log;

  public FileWatch(Path file) {
    this.file = file.toFile();
    this.log = new File(file + "-wal");
  }

  /**
   * Waits until the file is written to, or this time has passed. Returns whether somebody asked to
   * stop instead.
   */
  public boolean await(Interruption interruption, long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    String before = look();
    while (System.nanoTime() < end) {
      if (interruption.await(LOOK_MILLIS)) {
        return true;
      }
      if (!look().equals(before)) {
        return false;
      }
    }
    return interruption.isAsked();
  }

  private String look() {
    return file.lastModified()
        + " "
        + file.length()
        + " "
        + log.lastModified()
        + " "
        + log.length();
  }
}
