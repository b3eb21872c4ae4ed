package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tracked tables in the order of their names in the space, which is the same on all replicas.
 */
final class TableRanks {
  private final List<TrackedTable> tables;
  private final Map<String, Integer> ranks = new HashMap<>();

  TableRanks(Catalog catalog) {
    tables = new ArrayList<>(catalog.tables());
    tables.sort(Comparator.comparing(TrackedTable::name));
    for (int i = 0; i < tables.size(); i++) {
      ranks.put(tables.get(i).name(), i);
    }
  }

  int count() {
    return tables.size();
  }

  TrackedTable table(int rank) {
    return tables.get(rank);
  }

  /** The place of the table with this name in the space, -1 when it is not tracked here. */
  int rank(String name) {
    return ranks.getOrDefault(name, -1);
  }
}
