package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.log.VersionTables;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Checks the file as SQLite sees it, and that capture is in place. */
final class FileCheck {
  private static final int INTEGRITY_LINES_MAX = 20;

  private final Workspace workspace;
  private final Session session;
  private final Findings findings;

  FileCheck(Workspace workspace, Findings findings) {
    this.workspace = workspace;
    this.session = workspace.session();
    this.findings = findings;
  }

  void run() {
    findings.at(DoctorOptions.Step.FILE, 0, -1);
    integrity();
    references();
    triggers();
    captureIsOn();
  }

  private void integrity() {
    String sql = "PRAGMA integrity_check(" + INTEGRITY_LINES_MAX + ")";
    try (SqliteStatement statement = session.connection().prepare(sql);
        SqliteRows rows = statement.query()) {
      while (rows.next()) {
        if (!rows.text(0).equals("ok")) {
          findings.damage(
              Finding.Check.FILE,
              "database file",
              "expected a sound file but SQLite reports: " + ReadableKey.bounded(rows.text(0)),
              "keep a copy, then .recover in the sqlite3 shell, or join the space with a new file");
        }
      }
    }
  }

  private void references() {
    Map<String, Long> counts = new TreeMap<>();
    try (SqliteStatement statement = session.connection().prepare("PRAGMA foreign_key_check");
        SqliteRows rows = statement.query()) {
      while (rows.next()) {
        counts.merge("table " + rows.text(0) + " to " + rows.text(2), 1L, Long::sum);
      }
    } catch (SqliteException e) {
      findings.warning(
          Finding.Check.REFERENCES,
          "foreign keys",
          "expected declarations that SQLite can check but: " + e.getMessage(),
          "correct the REFERENCES clause of the table");
    }
    counts.forEach(
        (where, count) ->
            findings.warning(
                Finding.Check.REFERENCES,
                where,
                "expected every reference to have its row but " + count + " have none",
                "give these rows another reference, or restore the rows they refer to"));
  }

  private void triggers() {
    Map<String, String> actual = new HashMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                    + " AND name LIKE 'godwit\\_%' ESCAPE '\\'")
            .query()) {
      while (rows.next()) {
        actual.put(rows.text(0), rows.text(1));
      }
    }
    actual.remove(VersionTables.TRIGGER);
    for (TrackedTable table : workspace.catalog().tables()) {
      Capture.triggers(table)
          .forEach((name, sql) -> trigger(table, name, sql, actual.remove(name)));
    }
    for (String name : actual.keySet()) {
      findings.damage(
          Finding.Check.CAPTURE,
          "trigger " + name,
          "expected no such trigger but there is one: it may write notes that nobody asked for",
          "drop the trigger");
    }
  }

  private void trigger(TrackedTable table, String name, String expected, String actual) {
    if (actual == null) {
      findings.damage(
          Finding.Check.CAPTURE,
          "trigger " + name + " of table " + table.schema().name(),
          "expected it to be there but it is not: writes to the table may not be synced",
          "untrack the table and track it again, which compares its rows with the space");
    } else if (!actual.equals(expected)) {
      findings.damage(
          Finding.Check.CAPTURE,
          "trigger " + name + " of table " + table.schema().name(),
          "expected the trigger that fits the table but it is another one",
          "open the file with this version of godwit, or untrack the table and track it again");
    }
  }

  private void captureIsOn() {
    try (SqliteRows rows = session.statement("SELECT count(*) FROM godwit_capture").query()) {
      rows.next();
      if (rows.integer(0) != 1) {
        findings.damage(
            Finding.Check.CAPTURE,
            "table godwit_capture",
            "expected one row, so that capture is on, but it has " + rows.integer(0),
            "INSERT INTO godwit_capture VALUES (1) when it has none, then untrack and track the tables");
      }
    }
  }
}
