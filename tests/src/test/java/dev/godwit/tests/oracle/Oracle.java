package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the tables show, recomputed from the set of all transactions. Nothing is remembered, nothing
 * is incremental, the order of the transactions does not matter.
 */
public final class Oracle {
  private final Map<String, TableModel> models = new LinkedHashMap<>();
  private final Map<String, TreeMap<LifeId, Life>> lives = new HashMap<>();
  private final Map<LifeId, List<Value>> shownKeys = new HashMap<>();

  /** A value that was written, is not replaced, and is not shown. */
  public record Loser(LifeId life, String unit, Dot dot) {}

  public Oracle(List<TableModel> tables, Collection<Transaction> transactions) {
    for (TableModel model : tables) {
      models.put(model.name(), model);
      lives.put(model.name(), new TreeMap<>());
    }
    for (Transaction transaction : transactions) {
      int ordinal = 0;
      for (RowChange change : transaction.changes()) {
        if (models.containsKey(change.shape().table())) {
          lives
              .get(change.shape().table())
              .computeIfAbsent(change.life(), Life::new)
              .add(new Write(transaction, ordinal, change));
        }
        ordinal++;
      }
    }
    // A key that is a reference shows what the parent shows, so parents come first.
    models.values().stream().filter(model -> !model.keyRefers()).forEach(this::place);
    models.values().stream().filter(TableModel::keyRefers).forEach(this::place);
  }

  /** The rows of a table as texts, sorted: the values of {@link TableModel#columns}. */
  public List<String> rows(String table) {
    TableModel model = models.get(table);
    List<String> rows = new ArrayList<>();
    for (Life life : lives.get(table).values()) {
      if (shownKeys.containsKey(life.id())) {
        List<Value> row = new ArrayList<>(shownKeys.get(life.id()));
        model.values().forEach(column -> row.add(shown(model, life, column)));
        rows.add(row.toString());
      }
    }
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  /** Values that stand beside the ones shown and differ from them. */
  public Set<Loser> losers() {
    Set<Loser> losers = new HashSet<>();
    for (TableModel model : models.values()) {
      for (Life life : lives.get(model.name()).values()) {
        for (String column : model.values()) {
          List<Write> siblings = life.siblings(column);
          for (Write sibling : siblings) {
            Write pick = siblings.get(siblings.size() - 1);
            if (!sibling.value(column).equals(pick.value(column))) {
              losers.add(new Loser(life.id(), column, sibling.dot()));
            }
          }
        }
      }
    }
    return losers;
  }

  /** Lives of a table that are present and not shown. */
  public Set<LifeId> parked(String table) {
    Set<LifeId> parked = new HashSet<>();
    for (Life life : lives.get(table).values()) {
      if (life.isPresent() && !shownKeys.containsKey(life.id())) {
        parked.add(life.id());
      }
    }
    return parked;
  }

  private void place(TableModel model) {
    Map<String, List<Life>> wanting = new TreeMap<>();
    Map<Life, List<Value>> wanted = new LinkedHashMap<>();
    for (Life life : lives.get(model.name()).values()) {
      if (life.isPresent()) {
        List<Value> key = resolved(model, life.wantedKey());
        wanted.put(life, key);
        wanting.computeIfAbsent(model.identity(key), none -> new ArrayList<>()).add(life);
      }
    }
    List<Life> losers = new ArrayList<>();
    wanting.forEach(
        (identity, contenders) -> {
          List<Life> ranked = ranked(contenders);
          shownKeys.put(ranked.get(0).id(), wanted.get(ranked.get(0)));
          losers.addAll(ranked.subList(1, ranked.size()));
        });
    losers.sort(Comparator.comparing(Life::id));
    Set<String> taken = new HashSet<>(wanting.keySet());
    for (Life loser : losers) {
      List<Value> key = model.surrogate() ? derived(model, loser, taken) : born(model, loser);
      if (key != null && taken.add(model.identity(key))) {
        shownKeys.put(loser.id(), key);
      }
    }
  }

  private static List<Life> ranked(List<Life> contenders) {
    Set<Dot> claimed = new HashSet<>();
    contenders.forEach(life -> claimed.addAll(life.claims()));
    List<Life> ranked = new ArrayList<>(contenders);
    ranked.sort(
        Comparator.<Life, Boolean>comparing(life -> claimed.contains(life.wantedKey().dot()))
            .thenComparing(Life::isRevived)
            .thenComparing(life -> life.wantedKey().change().time())
            .thenComparing(life -> life.wantedKey().dot())
            .thenComparing(Life::id));
    return ranked;
  }

  private static List<Value> derived(TableModel model, Life life, Set<String> taken) {
    long lowest = -(1L << 52);
    long highest = -(1L << 32);
    long start = Long.remainderUnsigned(life.id().high(), highest - lowest);
    for (long step = 0; ; step++) {
      List<Value> key = List.of(Value.of(highest - (start + step) % (highest - lowest)));
      if (!taken.contains(model.identity(key))) {
        return key;
      }
    }
  }

  private List<Value> born(TableModel model, Life life) {
    Write birth = life.birth();
    if (birth == null) {
      return null;
    }
    List<Value> key = new ArrayList<>();
    for (Value value : resolved(model, birth)) {
      boolean folds = model.ignoresCase() && value instanceof Value.Text;
      key.add(folds ? Value.of(((Value.Text) value).text().toLowerCase(Locale.ROOT)) : value);
    }
    return key;
  }

  private List<Value> resolved(TableModel model, Write write) {
    List<Value> key = new ArrayList<>();
    for (int i = 0; i < model.key().size(); i++) {
      Value written = write.change().key().values().get(i);
      KeyColumn.Parent parent = write.change().shape().keyColumns().get(i).parent();
      String table = model.parents().get(model.key().get(i));
      if (table == null || parent == null || written.equals(Value.NULL)) {
        key.add(written);
      } else {
        key.add(followed(write, i, written, models.get(table)));
      }
    }
    return key;
  }

  private Value shown(TableModel model, Life life, String column) {
    List<Write> siblings = life.siblings(column);
    if (siblings.isEmpty()) {
      return Value.NULL;
    }
    Write pick = siblings.get(siblings.size() - 1);
    String parent = model.parents().get(column);
    return parent == null
        ? pick.value(column)
        : followed(pick, pick.position(column), pick.value(column), models.get(parent));
  }

  /**
   * What a reference shows: the key of the row it means, or what was written while that is away.
   */
  private Value followed(Write write, int position, Value written, TableModel parent) {
    if (written.equals(Value.NULL) || write.change().extras().bare().contains(position)) {
      return written;
    }
    LifeId meant = write.change().extras().references().get(position);
    if (meant == null) {
      meant =
          new KeyColumn.Parent(
                  parent.name(),
                  parent.ignoresCase() ? KeyColumn.Collation.NOCASE : KeyColumn.Collation.BINARY)
              .birthLife(written);
    }
    List<Value> shown = shownKeys.get(meant);
    boolean same =
        shown == null || Objects.equals(parent.identity(shown.get(0)), parent.identity(written));
    return same ? written : shown.get(0);
  }
}
