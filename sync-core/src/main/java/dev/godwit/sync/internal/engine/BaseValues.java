package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds in the log what stood in a unit before the earliest of its siblings was written. Each
 * transaction is read once, however many units it is about.
 */
final class BaseValues {
  private final Workspace workspace;

  BaseValues(Workspace workspace) {
    this.workspace = workspace;
  }

  /** The base of each unit; units whose base is not known, or too large to be kept, have none. */
  Map<OpenUnits.OpenUnit, Value> of(List<OpenUnits.OpenUnit> units) {
    Map<Dot, Map<String, OpenUnits.OpenUnit>> wanted = new LinkedHashMap<>();
    for (OpenUnits.OpenUnit unit : units) {
      wanted
          .computeIfAbsent(unit.siblings().get(0).dot(), none -> new HashMap<>())
          .put(unit.life() + " " + unit.column(), unit);
    }
    Map<OpenUnits.OpenUnit, Value> bases = new HashMap<>();
    wanted.forEach((dot, named) -> read(dot, named, bases));
    return bases;
  }

  private void read(
      Dot dot, Map<String, OpenUnits.OpenUnit> wanted, Map<OpenUnits.OpenUnit, Value> bases) {
    // The dependencies do not matter here, so that those of the predecessor need not be known.
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, VersionVector.empty())) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        for (int i = 0; i < change.before().size(); i++) {
          String unit = change.life() + " " + change.shape().columns().get(i);
          Value before = change.before().get(i).value();
          if (wanted.containsKey(unit) && before != null) {
            bases.put(wanted.get(unit), before);
          }
        }
      }
    } catch (IOException e) {
      // Compacted away or unreadable: the resolver is told that the base is not known.
      return;
    }
  }
}
