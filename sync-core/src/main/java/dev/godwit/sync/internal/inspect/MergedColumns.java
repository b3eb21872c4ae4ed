package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The columns whose edits were merged under some policy that the log tells of. */
final class MergedColumns {
  private static final String POLICIES = "godwit_space_column";

  private final Set<List<Value>> columns = new HashSet<>();

  /** Takes note of a change that declares a policy. */
  void note(RowChange change) {
    int policy = change.shape().columns().indexOf("policy");
    if (policy < 0 || !change.shape().table().equals(POLICIES)) {
      return;
    }
    if (change.values().get(policy) instanceof Value.Text text && merges(text.text())) {
      columns.add(change.key().values());
    }
  }

  private static boolean merges(String policy) {
    try {
      return ColumnPolicy.parse(policy).kind().merges();
    } catch (IllegalArgumentException ofLaterVersion) {
      return false;
    }
  }

  boolean contains(String table, String column) {
    return columns.contains(List.of(Value.of(table), Value.of(column)));
  }
}
