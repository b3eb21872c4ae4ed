package dev.godwit.tests.scenario;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.Replica;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One device: its file, its clock, and the replica that an application on it has open. */
final class Device {
  private final String name;
  private final Path path;
  private final Replica replica;
  private final Devices.DeviceClock clock;

  /** One transaction in a device's log: its header, and its changes of the application's tables. */
  record Sealed(TransactionHeader header, List<RowChange> changes) {}

  Device(String name, Path path, Replica replica, Devices.DeviceClock clock) {
    this.name = name;
    this.path = path;
    this.replica = replica;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  Path path() {
    return path;
  }

  Replica replica() {
    return replica;
  }

  Devices.DeviceClock clock() {
    return clock;
  }

  /**
   * Runs SQL on a connection of its own, as any other program would. What is written after it, on
   * any device, is later by a millisecond at least.
   */
  void sql(String... statements) {
    Sqlite.run(path, statements);
    Devices.DeviceClock.tick();
  }

  /**
   * Runs SQL through the library, in one transaction; later writes are later as after {@link #sql}.
   */
  void write(String... statements) {
    replica.write(
        transaction -> {
          for (String sql : statements) {
            transaction.execute(sql);
          }
        });
    if (!clock.isSet()) {
      Devices.DeviceClock.tick();
    }
  }

  /** The rows of a query, as SQL writes their values. */
  List<String> rows(String query) {
    List<String> rows = new ArrayList<>();
    for (Map<String, Value> row : replica.call(transaction -> transaction.query(query))) {
      rows.add(row.values().toString());
    }
    return rows;
  }

  /** The first value of a query as text. */
  String value(String query) {
    return Sqlite.text(path, query).get(0);
  }

  /** All rows of a table, sorted, each value with its storage class and bits. */
  List<String> exactRows(String table) {
    return Sqlite.exact(path, "SELECT * FROM \"" + table.replace("\"", "\"\"") + '"');
  }

  /** The application's tables that are tracked. */
  List<String> tracked() {
    return Sqlite.text(
        path,
        "SELECT local_name FROM godwit_table WHERE tracked AND NOT system ORDER BY local_name");
  }

  /** What met here: kind, row key and column of each conflict of edits, deletes and keys. */
  List<String> conflicts() {
    return Sqlite.text(
        path,
        "SELECT kind || ' ' || row_key || ' ' || unit FROM godwit_conflict"
            + " WHERE kind IN ('edit/edit', 'edit/delete', 'key collision')"
            + " GROUP BY conflict ORDER BY max(millis), conflict");
  }

  /** The values that no table shows, of all edits that met others, in the order of their times. */
  List<String> losers() {
    return Sqlite.text(
        path,
        "SELECT value FROM godwit_conflict WHERE kind = 'edit/edit' AND NOT shown ORDER BY millis, conflict, sibling");
  }

  /** Why rows that this device should show are kept out of its tables, one line a row. */
  List<String> masked() {
    return read(
        workspace -> {
          List<String> reasons = new ArrayList<>();
          RowStates states =
              new RowStates(workspace.session(), workspace.catalog(), workspace.replicas());
          for (String row :
              Sqlite.text(path, "SELECT table_number, hex(life) FROM godwit_masked")) {
            String[] parts = row.split("\\|");
            LifeId life = LifeId.of(HexFormat.of().parseHex(parts[1]));
            String reason = states.load(Integer.parseInt(parts[0]), life).masked();
            if (reason != null) {
              reasons.add(reason);
            }
          }
          return reasons;
        });
  }

  /** Reads the file as the library does. */
  <T> T read(Function<Workspace, T> work) {
    try (ReplicaFile file = ReplicaFile.open(new FastSqlite(path))) {
      return file.read(work);
    }
  }

  /**
   * This device's own transactions that changed the application's tables, all that waits sealed.
   */
  List<Sealed> sealed() {
    replica.seal();
    return read(
        workspace -> {
          List<Sealed> sealed = new ArrayList<>();
          VersionVector before = VersionVector.empty();
          long last = workspace.replicas().of(workspace.meta().replica()).sequence();
          for (long sequence = 1; sequence <= last; sequence++) {
            Sealed one = sealed(workspace, sequence, before);
            before = one.header().dependencies();
            if (!one.changes().isEmpty()) {
              sealed.add(one);
            }
          }
          return sealed;
        });
  }

  private static Sealed sealed(Workspace workspace, long sequence, VersionVector before) {
    Dot dot = new Dot(workspace.meta().replica(), sequence);
    List<RowChange> changes = new ArrayList<>();
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, before)) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        if (!change.shape().table().startsWith("godwit_")) {
          changes.add(change);
        }
      }
      return new Sealed(reader.header(), changes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The changes of the last transaction of this device. */
  List<RowChange> lastChanges() {
    List<Sealed> all = sealed();
    return all.isEmpty() ? List.of() : all.get(all.size() - 1).changes();
  }

  /** How many sequence numbers this device has used, all that waits sealed. */
  long sequence() {
    replica.seal();
    return Long.parseLong(
        value(
            "SELECT sequence FROM godwit_replica WHERE id ="
                + " (SELECT value FROM godwit_meta WHERE name = 'replica')"));
  }

  /** How many rows a table has. */
  long count(String table) {
    return Long.parseLong(value("SELECT count(*) FROM \"" + table.replace("\"", "\"\"") + '"'));
  }
}
