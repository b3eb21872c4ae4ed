package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** By which write something came about, and when; in the order of last-writer-wins. */
record Written(HybridTimestamp time, Dot dot) implements Comparable<Written> {
  static Written of(Version version) {
    return new Written(version.time(), version.dot());
  }

  static Written of(KeyVersion key) {
    return new Written(key.time(), key.dot());
  }

  static Written of(Presence presence) {
    return new Written(presence.time(), presence.dot());
  }

  /** The writes of which these columns of a row come. */
  static List<Written> of(View view, TrackedTable table, RowState row, Collection<String> columns) {
    List<Written> written = new ArrayList<>();
    for (String column : columns) {
      if (table.schema().keyColumns().contains(column)) {
        written.add(of(row.state().wantedKey()));
      } else {
        Version version = view.shown(table.name(), row.state(), column);
        if (version != null) {
          written.add(of(version));
        }
      }
    }
    return written;
  }

  @Override
  public int compareTo(Written other) {
    int order = time.compareTo(other.time);
    return order != 0 ? order : dot.compareTo(other.dot);
  }
}
