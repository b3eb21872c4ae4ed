package dev.godwit.relay.store.sqlite;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.PartCursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads a space's envelopes by position, skipping those the asker has.
 *
 * <p>Fetches a run of rows at a time, growing, at most {@value #RUN_BYTES} bytes of them, and lets
 * go of the connection; parts of large envelopes are fetched singly. An envelope beyond the asked
 * vector ends the page, so that the position never passes over one.
 */
final class SqlitePartCursor implements PartCursor {
  private static final int FIRST_RUN_ROWS = 128;
  private static final int MAX_RUN_ROWS = 4_096;
  private static final int RUN_BYTES = EnvelopePart.MAX_LENGTH_BYTES;

  /** Rows looked at for one page: some tenths of a second. */
  private static final int MAX_SCANNED_ROWS = 100_000;

  private final SpaceId space;
  private final EnvelopeLog.Lacking lacking;
  private final ReaderPool readers;
  private final Deque<Row> run = new ArrayDeque<>();
  private long scannedPosition;
  private long position;
  private int scannedRows;
  private int runRows = FIRST_RUN_ROWS;
  private boolean exhausted;
  private boolean stoppedEarly;
  private int nextIndex = -1;

  SqlitePartCursor(SpaceId space, EnvelopeLog.Lacking lacking, ReaderPool readers) {
    this.space = space;
    this.lacking = lacking;
    this.readers = readers;
    long last =
        readers.read(
            statements -> {
              try (ResultSet row =
                  statements.query(
                      "SELECT last_position FROM space WHERE space = ?", (Object) space.bytes())) {
                return row.next() ? row.getLong(1) : 0L;
              }
            });
    // a position of a history that was rolled back means nothing
    position = lacking.afterPosition() > last ? 0 : lacking.afterPosition();
    scannedPosition = position;
  }

  /** One envelope to send; {@code bytes} is null for a large one. */
  private record Row(
      long position, Dot dot, EnvelopeHash hash, byte[] bytes, long largeId, int partCount) {}

  @Override
  public EnvelopePart next() {
    while (run.isEmpty() && !exhausted) {
      if (scannedRows >= MAX_SCANNED_ROWS) {
        stoppedEarly = true;
        return null;
      }
      fetch();
    }
    Row row = run.peek();
    if (row == null) {
      return null;
    }
    if (row.bytes != null) {
      finish(row);
      return EnvelopePart.whole(row.dot, row.hash, row.bytes);
    }
    return nextOfLarge(row);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean stoppedEarly() {
    return stoppedEarly;
  }

  @Override
  public void close() {
    run.clear();
  }

  private EnvelopePart nextOfLarge(Row row) {
    if (nextIndex < 0) {
      int held = lacking.firstPart(row.dot, row.hash);
      nextIndex = held < row.partCount ? held : 0;
    }
    int index = nextIndex++;
    byte[] bytes =
        readers.read(
            statements -> {
              try (ResultSet part =
                  statements.query(
                      "SELECT bytes FROM part WHERE large_id = ? AND part_index = ?",
                      row.largeId,
                      index)) {
                if (!part.next()) {
                  throw new SQLException("no part " + index + " of " + row.dot);
                }
                return part.getBytes(1);
              }
            });
    if (nextIndex == row.partCount) {
      finish(row);
      nextIndex = -1;
    }
    return EnvelopePart.of(row.dot, index, row.partCount, row.hash, bytes);
  }

  private void finish(Row row) {
    run.remove();
    position = run.isEmpty() ? scannedPosition : row.position;
  }

  private void fetch() {
    readers.read(
        statements -> {
          try (ResultSet row =
              statements.query(
                  "SELECT position, replica, envelope.sequence, envelope.hash, envelope.large_id,"
                      + " part_count, bytes FROM envelope JOIN replica USING (replica_id) LEFT JOIN large"
                      + " ON large.large_id = envelope.large_id"
                      + " WHERE envelope.space_id = (SELECT space_id FROM space WHERE space = ?) AND position > ?"
                      + " ORDER BY position LIMIT ?",
                  space.bytes(),
                  scannedPosition,
                  runRows)) {
            take(row);
          }
          return null;
        });
    if (run.isEmpty()) {
      position = scannedPosition;
    }
  }

  private void take(ResultSet row) throws SQLException {
    long bytes = 0;
    int rows = 0;
    while (row.next()) {
      Dot dot = new Dot(ReplicaId.of(row.getBytes(2)), row.getLong(3));
      rows++;
      if (!lacking.known().covers(dot)) {
        if (!lacking.through().covers(dot)) {
          exhausted = true;
          return;
        }
        byte[] content = row.getBytes(7);
        run.add(
            new Row(
                row.getLong(1),
                dot,
                EnvelopeHash.of(row.getBytes(4)),
                content,
                row.getLong(5),
                row.getInt(6)));
        bytes += content == null ? 0 : content.length;
      }
      scannedPosition = row.getLong(1);
      if (bytes >= RUN_BYTES) {
        scannedRows += rows;
        return;
      }
    }
    scannedRows += rows;
    exhausted = rows < runRows;
    runRows = Math.min(2 * runRows, MAX_RUN_ROWS);
  }
}
