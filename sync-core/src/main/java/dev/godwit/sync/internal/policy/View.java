package dev.godwit.sync.internal.policy;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.Row;
import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.check.TableRules;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.MergeDifference;
import dev.godwit.sync.internal.merge.MergeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is to be seen of a merged state: a function of the state, the space's policies and the names
 * that devices have announced.
 */
public final class View {
  private static final Picker LAST_WRITER = new LastWriterWins();
  private static final Picker LARGEST = Extreme.largest();
  private static final Picker SMALLEST = Extreme.smallest();

  private final Policies policies;
  private final Function<ReplicaId, String> deviceNames;
  private final Supplier<Rules> rulesOnDemand;
  private Rules rules;

  /**
   * A view.
   *
   * @param deviceNames the name that a replica has announced
   * @param rules what the space's tables ask of each of their rows; asked for when first needed
   */
  public View(Policies policies, Function<ReplicaId, String> deviceNames, Supplier<Rules> rules) {
    this.policies = policies;
    this.deviceNames = deviceNames;
    this.rulesOnDemand = rules;
  }

  private TableRules rules(String table) {
    if (rules == null) {
      rules = rulesOnDemand.get();
    }
    return rules.table(table);
  }

  public Policies policies() {
    return policies;
  }

  /** Whether the row is to be seen, as far as deletes and edits decide it. */
  public boolean isPresent(String table, LifeState state) {
    return existence(table) == ExistencePolicy.DELETE_WINS
        ? state.isPresentUnlessDeleted()
        : state.isPresent();
  }

  /** What the rules of its table make of a row. */
  public CheckPass checked(String table, LifeState state) {
    if (state.isNewborn() || state.isEmpty()) {
      return CheckPass.CLEAN;
    }
    TableRules asked = rules(table);
    return asked.isEmpty() ? CheckPass.CLEAN : new CheckPass(this, table, asked, state);
  }

  /**
   * Whether a change to these columns alone may leave a row whose values for one CHECK come from
   * several writes.
   */
  public boolean splitsCheck(RowShape shape) {
    for (TableRules.Check check : rules(shape.table()).checks()) {
      boolean touches = false;
      boolean leaves = false;
      for (String column : check.columns()) {
        boolean written = shape.columns().contains(column);
        touches |= written;
        leaves |= !written && !isKey(shape, column);
      }
      if (check.condition() != null && touches && leaves) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKey(RowShape shape, String column) {
    return shape.keyColumns().stream().anyMatch(key -> key.name().equals(column));
  }

  /** The columns that may show something else when another column of the row changes. */
  public Set<String> correctable(String table) {
    if (policies.isEmpty()) {
      return Set.of();
    }
    Set<String> columns = new TreeSet<>();
    for (Map.Entry<String, ColumnPolicy> entry : policies.table(table).columns().entrySet()) {
      if (mayFallBack(entry.getValue())) {
        columns.add(entry.getKey());
      }
    }
    return columns.isEmpty() || rules(table).isEmpty() ? Set.of() : columns;
  }

  /** Whether under this policy another version than the last writer's may be shown. */
  private static boolean mayFallBack(ColumnPolicy policy) {
    return switch (policy.kind()) {
      case LAST_WRITER_WINS, MANUAL, CUSTOM -> false;
      case REPLICA_PRIORITY, MAX, MIN, COUNTER, SET, MAP, TEXT -> true;
    };
  }

  /** What happens to a row that one device deleted and another edited. */
  public ExistencePolicy existence(String table) {
    return policies.isEmpty() ? ExistencePolicy.UPDATE_WINS : policies.table(table).existence();
  }

  /** The policy that a column follows. */
  public ColumnPolicy policy(String table, String column) {
    return policies.isEmpty()
        ? ColumnPolicy.lastWriterWins()
        : policies.table(table).column(column);
  }

  /** The visible version of a unit, null when no one has written it. */
  public Version shown(String table, LifeState state, String column) {
    return state.asShown(column, standing(table, state, column));
  }

  /** As {@link #shown}, whatever cycles it would close. */
  public Version standing(String table, LifeState state, String column) {
    boolean mayFall =
        !policies.isEmpty()
            && !state.isNewborn()
            && (state.merges() != null || state.siblings(column).size() > 1)
            && mayFallBack(policy(table, column));
    return mayFall && checked(table, state).fallen().contains(column)
        ? lastWritten(table, state, column)
        : merged(table, state, column);
  }

  /** The visible value of a unit as far as the state alone tells it, NULL where it does not. */
  public Value value(String table, LifeState state, String column) {
    Version version = shown(table, state, column);
    return version == null || version.value() == null ? Value.NULL : version.value();
  }

  /** The version that the last writer of a unit made; of a group, that of the whole. */
  Version lastWritten(String table, LifeState state, String column) {
    List<Version> siblings = state.siblings(column);
    List<String> group = policies.isEmpty() ? List.of() : policies.table(table).group(column);
    List<Version> whole = group.isEmpty() ? siblings : whole(state, column, group);
    List<Version> standing = whole.isEmpty() ? siblings : whole;
    return standing.isEmpty() ? null : LAST_WRITER.pick(standing);
  }

  /** The version of a unit that its policy shows, whatever the rules of the table say. */
  Version merged(String table, LifeState state, String column) {
    if (policies.isEmpty() || state.isNewborn()) {
      return state.pick(column);
    }
    List<Version> siblings = state.siblings(column);
    TablePolicy policy = policies.table(table);
    if (siblings.size() <= 1 && state.merges() == null && !policy.hasGroups()) {
      return siblings.isEmpty() ? null : siblings.get(0);
    }
    if (policy.column(column).kind().merges()) {
      return siblings.isEmpty() ? null : merged(policy.column(column), state, column, siblings);
    }
    List<String> group = policy.group(column);
    if (!group.isEmpty()) {
      return ofGroup(state, column, group, policy.column(column));
    }
    return siblings.isEmpty() ? null : pick(policy.column(column), siblings);
  }

  /** The one of several versions that the policy of a column shows. */
  public Version pick(String table, String column, List<Version> siblings) {
    return pick(policy(table, column), siblings);
  }

  /**
   * What operations come to, as the last writer's version with another value. Where none was made,
   * whole values stand beside each other: sets and maps are united, of the others the last is
   * shown.
   */
  private static Version merged(
      ColumnPolicy policy, LifeState state, String column, List<Version> siblings) {
    Version last = LAST_WRITER.pick(siblings);
    MergeOperation.Type type = type(policy.kind());
    MergeState known = state.merged(column, type);
    if (known == null && (siblings.size() == 1 || type == MergeOperation.Type.COUNTER)) {
      return last;
    }
    Value value = MergeState.of(known, type, siblings).shown(siblings);
    return value == null ? last : last.holding(value, last.reference(), last.bare());
  }

  /**
   * Whether of the writes to a merge column that stand beside each other one is not in what is
   * shown.
   *
   * @param saw whether the author of the one had seen the other, or they are the same
   */
  public boolean losesWrites(
      String table, LifeState state, String column, BiPredicate<Dot, Dot> saw) {
    List<Version> siblings = state.siblings(column);
    MergeOperation.Type type = type(policy(table, column).kind());
    MergeState merged = MergeState.of(state.merged(column, type), type, siblings);
    for (Dot lost : merged.lost(siblings)) {
      boolean stands = siblings.stream().anyMatch(sibling -> sibling.dot().equals(lost));
      if (stands || siblings.stream().anyMatch(sibling -> !saw.test(sibling.dot(), lost))) {
        return true;
      }
    }
    return false;
  }

  /** The columns that say which row of their own table each row hangs on, without cycles. */
  public Set<String> trees(String table) {
    return policies.isEmpty() ? Set.of() : policies.trees(table);
  }

  /** The columns that show NULL where another row has the unique value of theirs. */
  public Set<String> nullsWhereTaken(String table) {
    return policies.isEmpty() ? Set.of() : policies.nullsWhereTaken(table);
  }

  /**
   * The column that a row shows as NULL where another one has what it wants by this rule: the first
   * of the rule's own columns with that policy. Null for none.
   */
  public String yielding(String table, UniqueRule rule) {
    Set<String> nulls = nullsWhereTaken(table);
    for (String column : nulls.isEmpty() ? List.<String>of() : rule.plainColumns()) {
      if (nulls.contains(column)) {
        return column;
      }
    }
    return null;
  }

  /** Whether a row that shows NULL in these columns is known to keep the rules about them. */
  public boolean allowsNull(String table, Set<String> columns, Row shown) {
    return rules(table).holds(columns, shown);
  }

  /** Whether operations on a column are merged. */
  public boolean merges(String table, String column) {
    return !policies.isEmpty() && policy(table, column).kind().merges();
  }

  /**
   * The operation that a local write to a merge column is, null when it sets the value as a whole.
   *
   * @param state the row's state without the write
   */
  public MergeOperation operation(
      String table, LifeState state, String column, Value before, Value after) {
    MergeOperation.Type type = type(policy(table, column).kind());
    List<Version> siblings = new ArrayList<>(state.siblings(column));
    siblings.replaceAll(
        version -> version.value() == null ? version.holding(before, null, false) : version);
    return MergeDifference.of(type, state.merged(column, type), siblings, before, after);
  }

  /**
   * The operation that a write to a merge column is whose author was shown an earlier state.
   *
   * @param then that state
   * @param seen the transactions that make it
   * @param now the state without the write, of which the operation of a text takes the place
   */
  public MergeOperation operation(
      String table, LifeState then, VersionVector seen, LifeState now, String column, Value after) {
    MergeOperation.Type type = type(policy(table, column).kind());
    MergeOperation operation =
        MergeDifference.of(
            type,
            then.merged(column, type),
            then.siblings(column),
            value(table, then, column),
            after);
    return operation instanceof MergeOperation.Edits edits
        ? MergeDifference.moved(edits, seen, now.merged(column, type), now.siblings(column))
        : operation;
  }

  /**
   * The edits that a write to a merged text is, upon a text that only its own table showed: one
   * that a form had saved upon less than the state holds. Null when it sets the text as a whole.
   *
   * @param now the state without the write
   */
  public MergeOperation edits(
      String table, LifeState now, String column, Value before, Value after) {
    return MergeDifference.moved(
        now.merged(column, MergeOperation.Type.TEXT),
        now.siblings(column),
        value(table, now, column),
        before,
        after);
  }

  /** The operations that a merging policy is about. */
  public static MergeOperation.Type type(ColumnPolicy.Kind kind) {
    return switch (kind) {
      case COUNTER -> MergeOperation.Type.COUNTER;
      case SET -> MergeOperation.Type.SET;
      case MAP -> MergeOperation.Type.MAP;
      case TEXT -> MergeOperation.Type.TEXT;
      default ->
          throw new IllegalArgumentException("expected a policy that merges but got " + kind);
    };
  }

  /**
   * One write is shown as a whole: of those that wrote every column of the group, and of which
   * nothing was overwritten since. Where there is none (columns were written one by one before they
   * became a group), each column shows its last writer's.
   */
  private Version ofGroup(LifeState state, String column, List<String> group, ColumnPolicy policy) {
    List<Version> siblings = state.siblings(column);
    List<Version> whole = whole(state, column, group);
    if (whole.isEmpty()) {
      return siblings.isEmpty() ? null : LAST_WRITER.pick(siblings);
    }
    return pick(policy, whole);
  }

  private static List<Version> whole(LifeState state, String column, List<String> group) {
    List<Version> whole = new ArrayList<>();
    for (Version version : state.siblings(column)) {
      if (wroteAll(state, group, version.dot())) {
        whole.add(version);
      }
    }
    return whole;
  }

  private static boolean wroteAll(LifeState state, List<String> group, Dot dot) {
    for (String column : group) {
      boolean wrote = false;
      for (Version version : state.siblings(column)) {
        wrote |= version.dot().equals(dot);
      }
      if (!wrote) {
        return false;
      }
    }
    return true;
  }

  /** Derived versions never beat an ordinary one, whatever the policy. */
  private Version pick(ColumnPolicy policy, List<Version> siblings) {
    if (siblings.size() == 1) {
      return siblings.get(0);
    }
    List<Version> ordinary = siblings;
    if (siblings.get(0).derived() && !siblings.get(siblings.size() - 1).derived()) {
      ordinary = new ArrayList<>(siblings);
      ordinary.removeIf(Version::derived);
    }
    return picker(policy).pick(ordinary);
  }

  private Picker picker(ColumnPolicy policy) {
    return switch (policy.kind()) {
      case LAST_WRITER_WINS, MANUAL, CUSTOM, COUNTER, SET, MAP, TEXT -> LAST_WRITER;
      case REPLICA_PRIORITY -> new ReplicaPriority(policy.arguments(), deviceNames);
      case MAX -> LARGEST;
      case MIN -> SMALLEST;
    };
  }

  /**
   * Whether a conflict of a manual or custom column waits to be settled: more than one version that
   * is no resolution stands, and they do not all say the same.
   */
  public boolean isOpen(String table, LifeState state, String column) {
    ColumnPolicy.Kind kind = policy(table, column).kind();
    if (kind != ColumnPolicy.Kind.MANUAL && kind != ColumnPolicy.Kind.CUSTOM) {
      return false;
    }
    Version first = null;
    boolean open = false;
    for (Version version : state.siblings(column)) {
      if (!version.resolution()) {
        open |= first != null && !first.agrees(version);
        first = version;
      }
    }
    return open;
  }
}
