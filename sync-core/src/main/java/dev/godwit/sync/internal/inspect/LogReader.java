package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.MalformedEnvelopeException;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.report.ChangeEntry;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.LogEntry;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.report.TableChanges;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lists transactions of the log, and the changes of one of them. */
public final class LogReader {
  private static final String TRANSACTIONS = "log";
  private static final String CHANGES = "changes";

  /** Values listed on one page of changes: then the page ends, whatever its limit. */
  private static final long PAGE_SIZE_BYTES_MAX = 4 << 20;

  private final Workspace workspace;
  private final DeviceNames names;

  public LogReader(Workspace workspace) {
    this.workspace = workspace;
    this.names = new DeviceNames(workspace);
  }

  /** One entry of the log as its table has it. */
  private record Stored(long position, Dot dot, byte[] firstPart) {}

  /** One page of transactions, those that came last first. */
  public Listing<LogEntry> transactions(Paging paging) {
    Place place = Place.parse(paging.after());
    if (!paging.after().isEmpty() && !place.isOf(TRANSACTIONS, 1)) {
      throw place.malformed();
    }
    long before = paging.after().isEmpty() ? Long.MAX_VALUE : place.number(0);
    List<Stored> stored = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT position, replica, sequence, substr(bytes, 1, "
                    + EnvelopeHeader.MAX_LENGTH_BYTES
                    + ") FROM godwit_log WHERE part = 0 AND position < ? ORDER BY position DESC LIMIT ?")
            .bind(1, before)
            .bind(2, paging.limit() + 1L)
            .query()) {
      while (rows.next()) {
        Dot dot = new Dot(workspace.replicas().of(rows.integer(1)).id(), rows.integer(2));
        stored.add(new Stored(rows.integer(0), dot, rows.bytes(3)));
      }
    }
    boolean more = stored.size() > paging.limit();
    List<LogEntry> entries = new ArrayList<>();
    for (Stored one : more ? stored.subList(0, paging.limit()) : stored) {
      entries.add(entry(one));
    }
    String next =
        more
            ? Place.of(TRANSACTIONS).with(stored.get(paging.limit() - 1).position()).toString()
            : null;
    return new Listing<>(entries, next);
  }

  private LogEntry entry(Stored stored) {
    Dot dot = stored.dot();
    Replicas.Entry replica = workspace.replicas().of(dot.replica());
    Counting counting = new Counting();
    HybridTimestamp time = HybridTimestamp.ZERO;
    long sizeBytes = 0;
    String problem = null;
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, VersionVector.empty())) {
      sizeBytes = EnvelopeHeader.decode(stored.firstPart()).envelopeLengthBytes();
      time = reader.header().time();
      counting.count(reader);
    } catch (IOException | MalformedEnvelopeException e) {
      problem = e.getMessage();
    }
    return new LogEntry(
        dot,
        names.of(dot.replica()),
        names.isSelf(dot.replica()),
        time,
        dot.sequence() <= replica.sequence(),
        sizeBytes,
        counting.tables(),
        problem == null && counting.complete,
        problem);
  }

  /** Counts changes by table and kind. */
  private static final class Counting {
    private final Map<String, long[]> counts = new TreeMap<>();
    private boolean complete;

    private void count(TransactionBodyReader reader) throws IOException {
      int left = LogEntry.CHANGES_COUNTED_MAX;
      RowChange change = reader.next();
      while (change != null && left > 0) {
        long[] kinds =
            counts.computeIfAbsent(
                change.shape().table(), none -> new long[RowChange.Kind.values().length]);
        kinds[change.kind().ordinal()]++;
        left--;
        change = reader.next();
      }
      complete = change == null;
    }

    private List<TableChanges> tables() {
      List<TableChanges> tables = new ArrayList<>();
      counts.forEach(
          (table, kinds) ->
              tables.add(
                  new TableChanges(
                      table,
                      kinds[RowChange.Kind.INSERT.ordinal()],
                      kinds[RowChange.Kind.UPDATE.ordinal()],
                      kinds[RowChange.Kind.DELETE.ordinal()],
                      kinds[RowChange.Kind.RESOLUTION.ordinal()],
                      kinds[RowChange.Kind.DERIVED.ordinal()])));
      return tables;
    }
  }

  /**
   * One page of the changes of a transaction, in its order. A page also ends behind some MiB of
   * values.
   *
   * @throws IllegalArgumentException when the log does not have it or it cannot be read
   */
  public Listing<ChangeEntry> changes(Dot dot, Paging paging) {
    Place place = Place.parse(paging.after());
    if (!paging.after().isEmpty() && !place.isOf(CHANGES, 1)) {
      throw place.malformed();
    }
    long skipped = paging.after().isEmpty() ? 0 : place.number(0);
    if (!workspace.replicas().isKnown(dot.replica())
        || dot.sequence() > workspace.replicas().of(dot.replica()).held()) {
      throw new IllegalArgumentException(
          "expected a transaction of the log but got " + dot + ": the log lists those held here");
    }
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, VersionVector.empty())) {
      return page(reader, skipped, paging.limit());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected transaction " + dot + " to be readable: " + e.getMessage(), e);
    }
  }

  private static Listing<ChangeEntry> page(TransactionBodyReader reader, long skipped, int limit)
      throws IOException {
    List<ChangeEntry> entries = new ArrayList<>();
    RowChange change = reader.next();
    for (long left = skipped; left > 0 && change != null; left--) {
      change = reader.next();
    }
    long sizeBytes = 0;
    while (change != null && entries.size() < limit && sizeBytes < PAGE_SIZE_BYTES_MAX) {
      entries.add(entry(change));
      for (Value value : change.values()) {
        sizeBytes += value.sizeBytes();
      }
      change = reader.next();
    }
    String more =
        change == null ? null : Place.of(CHANGES).with(skipped + entries.size()).toString();
    return new Listing<>(entries, more);
  }

  private static ChangeEntry entry(RowChange change) {
    List<ChangeEntry.Column> columns = new ArrayList<>();
    for (int i = 0; i < change.values().size(); i++) {
      Value before = i < change.before().size() ? change.before().get(i).value() : null;
      columns.add(
          new ChangeEntry.Column(change.shape().columns().get(i), before, change.values().get(i)));
    }
    return new ChangeEntry(
        change.shape().table(),
        change.kind(),
        change.life(),
        ReadableKey.of(change.key()),
        change.extras().keyBefore() == null ? null : ReadableKey.of(change.extras().keyBefore()),
        change.time(),
        columns);
  }
}
