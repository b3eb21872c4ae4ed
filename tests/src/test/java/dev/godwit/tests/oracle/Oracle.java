package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the tables show, recomputed from the set of all transactions. Nothing is remembered, nothing
 * is incremental, the order of the transactions does not matter.
 */
public final class Oracle {
  /** The unit of a row that is parked for its key. */
  public static final String KEY = "key";

  private final Lives lives;
  private final Standing standing;
  private final Keys keys;
  private final Set<Life> parked = new HashSet<>();
  private final Set<Life> checkedOut = new HashSet<>();
  private final Map<Life, Set<String>> nulls = new HashMap<>();
  private final Set<Life> below;
  private Set<Held> held;
  private Set<Loser> losers;

  /**
   * A value that was written, is not replaced, and is not shown.
   *
   * @param present whether its row is there, shown or held back
   */
  public record Loser(LifeId life, String unit, Dot dot, boolean present) {}

  /**
   * A conflict that waits for somebody.
   *
   * @param values what was written, the last writer's last
   */
  public record Open(String table, List<Value> key, String column, List<Value> values) {}

  /**
   * A conflict that a write has settled.
   *
   * @param unit the column, empty for the whole row
   * @param by whose write
   */
  public record Settled(String table, LifeId life, String unit, Set<Dot> siblings, Dot by) {}

  /**
   * A row that a table shows otherwise than it is.
   *
   * @param unit the column that shows something else, {@link #KEY} for a row that has no key, empty
   *     where it is about the whole row
   * @param kind hidden, parked, nulled, pinned, substituted, returned, rooted or check
   */
  public record Held(String table, LifeId life, String unit, String kind) {}

  public Oracle(List<TableModel> tables, Collection<Transaction> transactions) {
    this.lives = new Lives(tables, transactions);
    this.standing = new Standing(lives);
    this.keys = new Keys(lives, standing);
    for (Life life : lives.all()) {
      if (standing.takesPart(life) && keys.shown(life) == null) {
        parked.add(life);
      }
    }
    for (Life life : lives.all()) {
      if (standing.takesPart(life) && life.checked().isOut()) {
        checkedOut.add(life);
      }
    }
    // What refers to a row that has lost its key refers to the row that has it.
    Set<Life> withoutTheirValues = new HashSet<>();
    lives.models().forEach(model -> withoutTheirValues.addAll(withoutTheirValues(model)));
    withoutTheirValues.addAll(checkedOut);
    Set<Life> atOdds = new HashSet<>();
    for (Life life : lives.all()) {
      if (standing.takesPart(life) && keys.isAtOdds(life, standing.substitutes(life))) {
        atOdds.add(life);
      }
    }
    this.below =
        standing.below(withoutTheirValues, atOdds, referral -> keys.lacks(referral, nulls));
    parked.addAll(withoutTheirValues);
  }

  /** The rows of a table as texts, sorted: the values of {@link TableModel#columns}. */
  public List<String> rows(String table) {
    List<String> rows = new ArrayList<>();
    values(table).forEach(row -> rows.add(row.toString()));
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  /** The rows of a table in no particular order: the values of {@link TableModel#columns}. */
  public List<List<Value>> values(String table) {
    List<List<Value>> rows = new ArrayList<>();
    for (Life life : lives.of(table)) {
      if (isShown(life)) {
        rows.add(new ArrayList<>(shown(life).values()));
      }
    }
    return rows;
  }

  /** Rows that stand and are not shown, rows that are shown though deleted, and substitutes. */
  public Set<Held> held() {
    if (held == null) {
      held = new HashSet<>();
      lives.all().forEach(this::hold);
    }
    return held;
  }

  private void hold(Life life) {
    if (checkedOut.contains(life)) {
      held.add(new Held(life.table().name(), life.id(), "", "check"));
    } else if (isHeldBack(life)) {
      boolean hidden = standing.isHidden(life) || below.contains(life);
      String unit = !hidden && keys.shown(life) == null ? KEY : "";
      held.add(new Held(life.table().name(), life.id(), unit, hidden ? "hidden" : "parked"));
    }
    if (nulls.containsKey(life)) {
      held.add(new Held(life.table().name(), life.id(), "", "nulled"));
    }
    boolean lostKey = parked.contains(life) && keys.shown(life) == null;
    if (standing.isPinned(life) && (isShown(life) || lostKey)) {
      held.add(new Held(life.table().name(), life.id(), "", "pinned"));
    }
    if (standing.takesPart(life) && !checkedOut.contains(life)) {
      for (String column : life.checked().fallen()) {
        held.add(new Held(life.table().name(), life.id(), column, "check"));
      }
    }
    for (String column : life.table().values()) {
      if (life.move(column) != Move.STANDS) {
        String kind = life.move(column).name().toLowerCase(Locale.ROOT);
        held.add(new Held(life.table().name(), life.id(), column, kind));
      }
    }
    for (String column : standing.substitutes(life).keySet()) {
      if (isShown(life) || lostKey && !below.contains(life)) {
        held.add(new Held(life.table().name(), life.id(), column, "substituted"));
      }
    }
  }

  private boolean isHeldBack(Life life) {
    return standing.isHidden(life) || below.contains(life) || parked.contains(life);
  }

  /** The lives of a table that are held back or shown otherwise, in one of the ways. */
  public Set<LifeId> held(String table, String kind) {
    Set<LifeId> found = new HashSet<>();
    for (Held one : held()) {
      if (one.table().equals(table) && one.kind().equals(kind)) {
        found.add(one.life());
      }
    }
    return found;
  }

  /** Lives that are present by their existence policy, neither shown nor held: a fault. */
  public Set<LifeId> vanished() {
    Set<LifeId> vanished = new HashSet<>();
    for (Life life : lives.all()) {
      if (life.isPresent() && isShown(life) == isHeldBack(life)) {
        vanished.add(life.id());
      }
    }
    return vanished;
  }

  /** Values that stand beside the ones shown and differ from them. */
  public Set<Loser> losers() {
    if (losers != null) {
      return losers;
    }
    losers = new HashSet<>();
    for (Life life : lives.all()) {
      for (String column : life.table().values()) {
        for (Write sibling : life.siblings(column)) {
          boolean merges = life.table().policy(column).kind().merges();
          if (!merges && !sibling.value(column).equals(life.unit(column).merged().value())) {
            losers.add(new Loser(life.id(), column, sibling.dot(), life.isPresent()));
          }
        }
      }
    }
    return losers;
  }

  /** Conflicts that writes have settled; none of columns that are merged. */
  public Set<Settled> settled() {
    Set<Settled> settled = new HashSet<>();
    lives.all().forEach(life -> settled.addAll(new Settlements(lives, life).all()));
    return settled;
  }

  /** Columns of rows that a table shows, where somebody must decide between values. */
  public Set<Open> open() {
    Set<Open> open = new HashSet<>();
    for (Life life : lives.all()) {
      for (String column : life.table().values()) {
        if (isShown(life) && life.unit(column).isOpen()) {
          List<Value> values = new ArrayList<>();
          for (Write sibling : life.siblings(column)) {
            int position = sibling.position(column);
            values.add(keys.followed(life, column, sibling, position, sibling.value(column)));
          }
          open.add(new Open(life.table().name(), keys.shown(life), column, values));
        }
      }
    }
    return open;
  }

  /** The lives that a table shows. */
  public Set<LifeId> shownLives(String table) {
    Set<LifeId> shownLives = new HashSet<>();
    lives.of(table).stream().filter(this::isShown).forEach(life -> shownLives.add(life.id()));
    return shownLives;
  }

  private boolean isShown(Life life) {
    return keys.shown(life) != null && !parked.contains(life) && !below.contains(life);
  }

  /** What a row shows by column, once it has a key. */
  private Map<String, Value> shown(Life life) {
    Map<String, Value> shown = new LinkedHashMap<>();
    for (int i = 0; i < life.table().key().size(); i++) {
      shown.put(life.table().key().get(i), keys.shown(life).get(i));
    }
    Map<String, Value> substitutes = standing.substitutes(life);
    for (String column : life.table().values()) {
      Shown own = life.shown(column);
      if (own == null) {
        shown.put(column, Value.NULL);
      } else {
        Value stored = AskedSqlite.stored(life.table().types().get(column), own.value());
        shown.put(column, keys.followed(life, column, stored, substitutes));
      }
    }
    nulls.getOrDefault(life, Set.of()).forEach(column -> shown.put(column, Value.NULL));
    return shown;
  }

  /** Pass 8. */
  private Set<Life> withoutTheirValues(TableModel model) {
    List<UniqueValues.Row> rows = new ArrayList<>();
    for (Life life : lives.of(model.name())) {
      if (keys.shown(life) != null && !checkedOut.contains(life)) {
        Map<String, Write> versions = new HashMap<>();
        model.key().forEach(column -> versions.put(column, keys.write(life)));
        for (String column : model.values()) {
          versions.put(column, life.shown(column) == null ? null : life.shown(column).write());
        }
        rows.add(new UniqueValues.Row(life, shown(life), versions));
      }
    }
    UniqueValues judged = new UniqueValues(model, rows);
    nulls.putAll(judged.nulls());
    return judged.parked();
  }
}
