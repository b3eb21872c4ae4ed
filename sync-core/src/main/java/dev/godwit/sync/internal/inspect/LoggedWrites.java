package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Looks up in the log what single writes were: each transaction is read once, whatever is wanted of
 * it.
 */
final class LoggedWrites {
  private final Workspace workspace;
  private final Map<Dot, Map<Unit, Write>> wanted = new LinkedHashMap<>();

  private record Unit(LifeId life, String name) {}

  /**
   * One write to one unit.
   *
   * @param key the row's key for its writer
   * @param before what the writer changed, null when the log does not tell
   */
  record Write(String key, Value before) {}

  LoggedWrites(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Wants the write of this transaction to this unit, "" for the whole row. */
  void want(Dot dot, LifeId life, String unit) {
    wanted.computeIfAbsent(dot, none -> new HashMap<>()).put(new Unit(life, unit), null);
  }

  /** Looks up all that is wanted. */
  void read() {
    wanted.forEach(this::read);
  }

  /** What was found, null when the log does not have it. */
  Write found(Dot dot, LifeId life, String unit) {
    return wanted.get(dot).get(new Unit(life, unit));
  }

  private void read(Dot dot, Map<Unit, Write> units) {
    if (!workspace.replicas().isKnown(dot.replica())) {
      return;
    }
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, VersionVector.empty())) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        RowChange found = change;
        units.replaceAll(
            (unit, known) ->
                unit.life().equals(found.life()) && isAbout(found, unit.name())
                    ? write(found, unit.name())
                    : known);
      }
    } catch (IOException e) {
      // The journal still tells the values; doctor tells what is wrong with the log.
      return;
    }
  }

  private static boolean isAbout(RowChange change, String unit) {
    return unit.isEmpty()
        || change.shape().columns().contains(unit)
        || change.writesKey() && keyColumn(change, unit) >= 0;
  }

  private static int keyColumn(RowChange change, String unit) {
    for (int i = 0; i < change.shape().keyColumns().size(); i++) {
      if (change.shape().keyColumns().get(i).name().equals(unit)) {
        return i;
      }
    }
    return -1;
  }

  private static Write write(RowChange change, String unit) {
    String key = ReadableKey.of(change.key());
    int column = change.shape().columns().indexOf(unit);
    if (column >= 0) {
      boolean told = column < change.before().size();
      return new Write(key, told ? change.before().get(column).value() : null);
    }
    int keyColumn = keyColumn(change, unit);
    RowKey before = change.extras().keyBefore();
    return new Write(key, keyColumn < 0 || before == null ? null : before.values().get(keyColumn));
  }
}
