package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.UniqueClaims.Claim;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who of the rows of one table that want the same unique values gets them, and what becomes of the
 * others, parked or shown with NULL: pass 8 of CONSTRAINTS.md.
 *
 * <p>Judged are rows that may be contested, and all whom they contest with: a row that SQLite took
 * is not, unless a row out of the table wants one of its values.
 */
final class UniquePass {
  private final TrackedTable table;
  private final LifeRows rows;
  private final TableRows tables;
  private final HeldRows held;
  private final UniqueClaims claims;
  private final Causality causality;
  private final RowValues values;
  private final Map<RowState, Map<Claim, Wish>> contenders = new LinkedHashMap<>();
  private final Map<Claim, List<RowState>> wanting = new HashMap<>();
  private final Deque<RowState> unexplored = new ArrayDeque<>();

  /** What a row wants by one rule. */
  private record Wish(UniqueRule rule, List<Value> tuple) {}

  /** A row's place in the order. */
  private record Rank(
      RowState row, boolean outranked, boolean revived, HybridTimestamp time, Dot dot) {
    static final Comparator<Rank> ORDER =
        Comparator.comparing(Rank::outranked)
            .thenComparing(Rank::revived)
            .thenComparing(Rank::time)
            .thenComparing(Rank::dot)
            .thenComparing(rank -> rank.row().life());
  }

  UniquePass(
      TrackedTable table,
      LifeRows rows,
      TableRows tables,
      HeldRows held,
      UniqueClaims claims,
      Causality causality,
      RowValues values) {
    this.table = table;
    this.rows = rows;
    this.tables = tables;
    this.held = held;
    this.claims = claims;
    this.causality = causality;
    this.values = values;
  }

  /**
   * Judges.
   *
   * @param seeds rows that were written, that SQLite refused, or that other rules are about
   * @param freed what rows have wanted that may want it no more
   * @return rows whose outcome is another than before
   */
  List<RowState> judge(Collection<RowState> seeds, Collection<Claim> freed) {
    Set<Claim> left = new LinkedHashSet<>(freed);
    for (RowState row : seeds) {
      left.addAll(claims.of(table, row));
      if (!contends(row)) {
        claims.set(table, row, List.of());
        hold(row, List.of());
      }
    }
    seeds.forEach(this::reach);
    left.forEach(this::reachWaiting);
    while (!unexplored.isEmpty()) {
      explore(unexplored.remove());
    }
    Map<RowState, List<Hold>> lost = lost();
    List<RowState> turned = new ArrayList<>();
    for (RowState row : contenders.keySet()) {
      if (record(row, lost.getOrDefault(row, List.of()))) {
        turned.add(row);
      }
    }
    return turned;
  }

  private boolean contends(RowState row) {
    return held.stands(table, row) && !held.failsCheck(table, row) && values.seat(row) != null;
  }

  private void reach(RowState row) {
    if (contenders.containsKey(row) || !contends(row)) {
      return;
    }
    Map<Claim, Wish> wishes = wishes(row);
    contenders.put(row, wishes);
    wishes
        .keySet()
        .forEach(claim -> wanting.computeIfAbsent(claim, none -> new ArrayList<>()).add(row));
    unexplored.add(row);
  }

  private Map<Claim, Wish> wishes(RowState row) {
    return wishes(values.row(table, row));
  }

  private Map<Claim, Wish> wishes(Map<String, Value> shown) {
    Map<Claim, Wish> wishes = new LinkedHashMap<>();
    for (UniqueRule rule : table.uniqueRules()) {
      List<Value> tuple = rule.tuple(shown::get);
      if (tuple != null) {
        wishes.put(new Claim(rule.name(), rule.canonical(tuple)), new Wish(rule, tuple));
      }
    }
    return wishes;
  }

  private void reachWaiting(Claim claim) {
    for (LifeId life : claims.at(table, claim)) {
      reach(rows.row(table.number(), life));
    }
  }

  private void explore(RowState row) {
    contenders
        .get(row)
        .forEach(
            (claim, wish) -> {
              List<LifeId> waiting = claims.at(table, claim);
              waiting.forEach(life -> reach(rows.row(table.number(), life)));
              boolean shows = row.isVisible() && !held.has(row, Hold.Kind.NULLED);
              boolean told = waiting.isEmpty() && shows && row.masked() == null;
              if (!told || !table.isEnforced(claim.rule())) {
                reachHolder(wish);
              }
            });
  }

  private void reachHolder(Wish wish) {
    String sql = table.holderSql(wish.rule());
    for (RowKey key : sql == null ? List.<RowKey>of() : tables.keys(table, sql, wish.tuple())) {
      LifeId life = rows.standsAt(table, key);
      if (life != null) {
        reach(rows.row(table.number(), life));
      }
    }
  }

  /** What holds the rows that do not get all that they want, in their order. */
  private Map<RowState, List<Hold>> lost() {
    List<Rank> ranks = new ArrayList<>();
    for (RowState row : contenders.keySet()) {
      Rank rank = rank(row);
      if (rank != null) {
        ranks.add(rank);
      }
    }
    ranks.sort(Rank.ORDER);
    Map<Claim, RowState> taken = new HashMap<>();
    Map<RowState, List<Hold>> lost = new HashMap<>();
    for (Rank rank : ranks) {
      lost.put(rank.row(), take(rank.row(), taken));
    }
    return lost;
  }

  /** Takes what is left for a row, and tells what holds it where that is not all. */
  private List<Hold> take(RowState row, Map<Claim, RowState> taken) {
    Map<Claim, Wish> wishes = contenders.get(row);
    Map<Claim, Wish> lost = new LinkedHashMap<>(wishes);
    lost.keySet().retainAll(taken.keySet());
    Set<Claim> left = lost.isEmpty() ? wishes.keySet() : without(row, lost.values());
    Hold.Kind kind = left == null ? Hold.Kind.PARKED : Hold.Kind.NULLED;
    List<Hold> holds = new ArrayList<>();
    for (Claim claim : lost.keySet()) {
      holds.add(new Hold(kind, claim.rule(), table.number(), taken.get(claim).life()));
    }
    if (left == null) {
      return holds.subList(0, 1);
    }
    left.forEach(claim -> taken.put(claim, row));
    return holds;
  }

  /**
   * What a row wants that shows NULL for what it has lost; null where it cannot: a rule has no
   * column for that, a rule about the row is broken then, or it would come to want something else.
   */
  private Set<Claim> without(RowState row, Collection<Wish> lost) {
    Set<String> nulls = new TreeSet<>();
    for (Wish wish : lost) {
      String column = values.yielding(table, wish.rule());
      if (column == null) {
        return null;
      }
      nulls.add(column);
    }
    Map<String, Value> shown = values.row(table, row);
    nulls.forEach(column -> shown.put(column, Value.NULL));
    Set<Claim> left = wishes(shown).keySet();
    boolean may = values.mayShowNull(table, row, nulls, shown);
    return may && contenders.get(row).keySet().containsAll(left) ? left : null;
  }

  /** The place of a row, null for one that nobody contests. */
  private Rank rank(RowState row) {
    boolean outranked = false;
    Written since = null;
    for (Map.Entry<Claim, Wish> one : contenders.get(row).entrySet()) {
      List<RowState> all = wanting.get(one.getKey());
      if (all.size() > 1) {
        UniqueRule rule = one.getValue().rule();
        for (Written written : values.written(table, row, rule.columns())) {
          since = since == null || written.compareTo(since) > 0 ? written : since;
        }
        for (RowState other : all) {
          outranked |= other != row && knewAll(rule, other, row);
        }
      }
    }
    boolean revived = row.state().isRevived() || held.has(row, Hold.Kind.PINNED);
    return since == null ? null : new Rank(row, outranked, revived, since.time(), since.dot());
  }

  /**
   * Whether one of a row's writes was made by somebody who had seen all that the other one wrote.
   */
  private boolean knewAll(UniqueRule rule, RowState writer, RowState known) {
    Set<Dot> seen = new HashSet<>();
    values.written(table, known, rule.columns()).forEach(written -> seen.add(written.dot()));
    for (Written written : values.written(table, writer, values.telling(table, rule))) {
      if (seen.stream().allMatch(dot -> causality.covers(written.dot(), dot))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Keeps what was decided about a row; whether its table is to show something else for that, or
   * others refer to what it shows no more, or again.
   */
  private boolean record(RowState row, List<Hold> lost) {
    boolean wasParked = held.has(row, Hold.Kind.PARKED);
    List<Hold> wasNulled = nulled(row);
    hold(row, lost);
    claims.set(table, row, kept(row, contenders.get(row).keySet()));
    List<Hold> isNulled = nulled(row);
    boolean mayShowNull = !(wasNulled.isEmpty() && isNulled.isEmpty());
    return mayShowNull && differsInNull(row)
        || wasParked != held.has(row, Hold.Kind.PARKED)
        || !wasNulled.equals(isNulled);
  }

  private List<Hold> nulled(RowState row) {
    List<Hold> nulled = new ArrayList<>(held.of(row));
    nulled.removeIf(hold -> hold.kind() != Hold.Kind.NULLED);
    return nulled;
  }

  private void hold(RowState row, List<Hold> lost) {
    List<Hold> holds = new ArrayList<>(held.of(row));
    holds.removeIf(hold -> hold.kind().isOfRules());
    holds.addAll(lost);
    Collections.sort(holds);
    held.hold(row, holds);
  }

  /**
   * Takes up the columns of a row in which its table shows NULL and is not to, or the other way
   * round. What the table alone knows is read before NULL takes its place.
   */
  private boolean differsInNull(RowState row) {
    if (!row.isVisible() || row.shownKey() == null) {
      return false;
    }
    rows.keys().expandShown(table, row);
    Map<String, Value> now = tables.read(table, row.shownKey());
    boolean differs = false;
    for (String column : now == null ? List.<String>of() : table.valueColumnNames()) {
      Value target = values.shown(table, row, column);
      if (now.get(column).equals(Value.NULL) != target.equals(Value.NULL)) {
        row.changedUnits().add(column);
        differs = true;
      }
    }
    return differs;
  }

  /**
   * Notes what a row wants that went out of the table for another reason, was refused, or came
   * back. Returns what was noted of it before and it does not want any more.
   */
  Collection<Claim> note(RowState row) {
    boolean refused = row.masked() != null && contends(row);
    boolean mayWant =
        held.isOut(table, row)
            || held.has(row, Hold.Kind.NULLED)
            || refused
            || !table.lackingColumns().isEmpty();
    List<Claim> before = claims.of(table, row);
    Set<Claim> wanted = mayWant || !before.isEmpty() ? wishes(row).keySet() : Set.of();
    claims.set(table, row, refused ? wanted : mayWant ? kept(row, wanted) : Set.of());
    before.removeAll(wanted);
    return before;
  }

  /** Whether SQLite refuses a row for more than that another one has still what it wants. */
  private boolean staysRefused(RowState row) {
    return row.masked() != null
        && (!MaskedRows.isUnique(row.masked()) || !claims.of(table, row).isEmpty());
  }

  /**
   * What is noted of a row's claims: all while it is out of the table; while it is in it, all if it
   * shows NULL there, or the file lacks a column of which they come, or SQLite has refused to show
   * them for longer than this flush, so that no query would find it.
   */
  private Collection<Claim> kept(RowState row, Set<Claim> wanted) {
    boolean noted =
        held.isOut(table, row)
            || held.has(row, Hold.Kind.NULLED)
            || contends(row) && (values.areBeyond(table, row) || staysRefused(row));
    return noted ? wanted : List.of();
  }
}
