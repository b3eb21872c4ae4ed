package dev.godwit.sync.report;

/** How much work a status may be. */
public enum StatusDetail {
  /**
   * Only what is known without looking at every row: milliseconds, whatever the size of the file.
   */
  QUICK,
  /**
   * Also rows, rows without a key and bytes of the log: looks at every row of the tracked tables
   * and at every entry of the log.
   */
  COUNTED
}
