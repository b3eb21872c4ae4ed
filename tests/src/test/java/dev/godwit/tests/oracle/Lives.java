package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every row that was ever written, by table and id, and the tables' models. */
final class Lives {
  private final Map<String, TableModel> models = new LinkedHashMap<>();
  private final Map<String, TreeMap<LifeId, Life>> byTable = new HashMap<>();
  private final Map<ReplicaId, String> deviceNames = new HashMap<>();

  Lives(List<TableModel> tables, Collection<Transaction> transactions) {
    for (TableModel model : tables) {
      models.put(model.name(), model);
      byTable.put(model.name(), new TreeMap<>());
    }
    for (Transaction transaction : transactions) {
      if (transaction.deviceName() != null) {
        deviceNames.put(transaction.dot().replica(), transaction.deviceName());
      }
    }
    transactions.forEach(this::add);
    new Trees(this).decide();
  }

  private void add(Transaction transaction) {
    int ordinal = 0;
    for (RowChange change : transaction.changes()) {
      TableModel model = models.get(change.shape().table());
      if (model != null) {
        byTable
            .get(model.name())
            .computeIfAbsent(change.life(), id -> new Life(model, id, deviceNames))
            .add(new Write(transaction, ordinal, change));
      }
      ordinal++;
    }
  }

  Collection<TableModel> models() {
    return models.values();
  }

  TableModel model(String table) {
    return models.get(table);
  }

  /** The lives of a table in order of their ids. */
  Collection<Life> of(String table) {
    return byTable.get(table).values();
  }

  /** All lives, table by table. */
  List<Life> all() {
    List<Life> all = new ArrayList<>();
    byTable.values().forEach(lives -> all.addAll(lives.values()));
    return all;
  }

  /** The life, null when nothing was ever written to it. */
  Life find(String table, LifeId id) {
    return byTable.get(table).get(id);
  }
}
