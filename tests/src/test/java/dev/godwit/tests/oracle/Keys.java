package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Pass 6: which of the rows that stand shows which key. */
final class Keys {
  private final Lives lives;
  private final Standing standing;
  private final Map<Life, List<Value>> shown = new HashMap<>();
  private final Map<Life, Write> writes = new HashMap<>();

  Keys(Lives lives, Standing standing) {
    this.lives = lives;
    this.standing = standing;
    // A key that is a reference shows what the parent shows, so parents come first.
    List<TableModel> models = new ArrayList<>(lives.models());
    models.sort(Comparator.comparing(this::depth));
    models.forEach(this::place);
  }

  private int depth(TableModel model) {
    int depth = 0;
    for (String column : model.key()) {
      Reference reference = model.references().get(column);
      depth =
          reference == null ? depth : Math.max(depth, 1 + depth(lives.model(reference.table())));
    }
    return depth;
  }

  /** The key that a row shows, null for none. */
  List<Value> shown(Life life) {
    return shown.get(life);
  }

  /** The write from which the key comes that a row shows. */
  Write write(Life life) {
    return writes.get(life);
  }

  private void place(TableModel model) {
    Map<String, List<Life>> wanting = new TreeMap<>();
    Map<Life, List<Value>> wanted = new LinkedHashMap<>();
    for (Life life : lives.of(model.name())) {
      if (standing.takesPart(life)) {
        List<Value> key = resolved(model, life, life.wantedKey());
        wanted.put(life, key);
        wanting.computeIfAbsent(model.identity(key), none -> new ArrayList<>()).add(life);
      }
    }
    List<Life> losers = new ArrayList<>();
    wanting.forEach(
        (identity, contenders) -> {
          List<Life> ranked = ranked(contenders);
          show(ranked.get(0), wanted.get(ranked.get(0)), ranked.get(0).wantedKey());
          losers.addAll(ranked.subList(1, ranked.size()));
        });
    losers.sort(Comparator.comparing(Life::id));
    Set<String> taken = new HashSet<>(wanting.keySet());
    for (Life loser : losers) {
      List<Value> key = model.surrogate() ? derived(model, loser, taken) : born(model, loser);
      if (key != null && taken.add(model.identity(key))) {
        show(loser, key, model.surrogate() ? loser.wantedKey() : loser.birth());
      }
    }
  }

  private void show(Life life, List<Value> key, Write write) {
    shown.put(life, key);
    writes.put(life, write);
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
    for (Referral referral : Referral.ofKey(lives, life, birth)) {
      Life parent = lives.find(referral.rule().table(), referral.to());
      if (parent != null && !standing.takesPart(parent)) {
        return null;
      }
    }
    List<Value> key = new ArrayList<>();
    for (Value value : birth.change().key().values()) {
      boolean folds = model.ignoresCase() && value instanceof Value.Text;
      key.add(folds ? Value.of(((Value.Text) value).text().toLowerCase(Locale.ROOT)) : value);
    }
    return resolved(model, life, birth, key);
  }

  private List<Value> wanted(Life life) {
    return resolved(life.table(), life, life.wantedKey());
  }

  private List<Value> resolved(TableModel model, Life life, Write write) {
    return resolved(model, life, write, write.change().key().values());
  }

  private List<Value> resolved(TableModel model, Life life, Write write, List<Value> written) {
    List<Value> key = new ArrayList<>(written);
    List<Referral> referrals = Referral.ofKey(lives, life, write);
    for (int i = 0; i < model.key().size(); i++) {
      key.set(i, followedInKey(referrals, model.key().get(i), key.get(i)));
    }
    return key;
  }

  /** What a column of a key shows: what the reference says that it keeps, else another one. */
  private Value followedInKey(List<Referral> referrals, String column, Value written) {
    List<Referral> concerned = new ArrayList<>(referrals);
    concerned.removeIf(one -> !one.columns().contains(column) || key(one) == null);
    if (concerned.isEmpty()) {
      return written;
    }
    Referral referral =
        concerned.stream()
            .filter(one -> one.column().equals(column))
            .findFirst()
            .orElse(concerned.get(0));
    List<Value> own = referral.write().change().key().values();
    boolean same = referral.isSame(lives, key(referral), referral.written(own));
    return same ? written : key(referral).get(referral.columns().indexOf(column));
  }

  /**
   * What a reference shows: the key of the row it means, or what was written while that is away.
   */
  Value followed(Life life, String column, Write write, int position, Value written) {
    return followed(Referral.of(lives, life, column, write, position, written), written);
  }

  /**
   * The same of a column outside the key: of several references the one that it keeps counts first,
   * then the others by name.
   *
   * @param substitutes what is shown instead of references to rows that are away
   */
  Value followed(Life life, String column, Value stored, Map<String, Value> substitutes) {
    List<Referral> referrals = new ArrayList<>();
    if (life.table().rulesOf(column) > 0) {
      referrals.addAll(Referral.of(lives, life));
    }
    referrals.removeIf(one -> !one.columns().contains(column));
    referrals.sort(
        Comparator.<Referral, Boolean>comparing(one -> !one.column().equals(column))
            .thenComparing(Referral::column));
    for (Referral referral : referrals) {
      boolean substituted = substitutes.containsKey(referral.column());
      boolean shared = life.table().rulesOf(column) > 1 && !referral.column().equals(column);
      List<Value> key = key(referral);
      if (substituted && !shared) {
        return substitutes.get(referral.column());
      }
      if (!substituted && key != null) {
        // Where a move in a tree is taken back the value is where the row was before.
        boolean one = referral.columns().size() == 1;
        List<Value> written = one ? List.of(stored) : referral.written(wanted(life));
        boolean same = referral.isSame(lives, key, written);
        return same ? stored : key.get(referral.columns().indexOf(column));
      }
    }
    return stored;
  }

  /** What the columns of a reference are to show, null where the row is away. */
  private List<Value> key(Referral referral) {
    Life meant = lives.find(referral.rule().table(), referral.to());
    return referral.rule().isToKey() || meant == null
        ? key(meant)
        : has(meant, referral.rule().referred());
  }

  /** What a row has in some columns, whoever else has it; null for a row that is away. */
  private List<Value> has(Life life, List<String> columns) {
    if (!standing.takesPart(life)) {
      return null;
    }
    List<Value> values = new ArrayList<>();
    for (String column : columns) {
      int place = life.table().key().indexOf(column);
      Shown own = place < 0 ? life.shown(column) : null;
      if (place >= 0) {
        values.add((shown.containsKey(life) ? shown.get(life) : wanted(life)).get(place));
      } else if (own == null) {
        values.add(Value.NULL);
      } else {
        Value stored = AskedSqlite.stored(life.table().types().get(column), own.value());
        values.add(followed(life, column, stored, standing.substitutes(life)));
      }
    }
    return values;
  }

  /** Whether a row cannot show what it refers to by other columns than the key. */
  boolean lacks(Referral referral, Map<Life, Set<String>> nulls) {
    Life meant = lives.find(referral.rule().table(), referral.to());
    List<String> referred = referral.rule().referred();
    List<Value> has = meant == null || referral.rule().isToKey() ? null : has(meant, referred);
    if (has == null) {
      return false;
    }
    boolean lacks = !shown.containsKey(meant);
    for (int i = 0; i < referred.size(); i++) {
      boolean mayBeNull = referral.from().table().mayBeNull(referral.columns().get(i));
      lacks |= has.get(i).equals(Value.NULL) && !mayBeNull;
      lacks |= nulls.getOrDefault(meant, Set.of()).contains(referred.get(i));
    }
    return lacks;
  }

  /**
   * The key that a row shows, or that another one has which it waits for; null for a row that is
   * away.
   */
  private List<Value> key(Life meant) {
    if (meant == null || shown.containsKey(meant) || !standing.takesPart(meant)) {
      return meant == null ? null : shown.get(meant);
    }
    return resolved(meant.table(), meant, meant.wantedKey());
  }

  /** Whether a row cannot show that it refers to another one, for what another reference says. */
  boolean isAtOdds(Life life, Map<String, Value> substitutes) {
    for (Referral referral : Referral.of(lives, life)) {
      List<Value> key = key(referral);
      if (referral.columns().size() > 1
          && referral.isJudged()
          && key != null
          && !substitutes.containsKey(referral.column())) {
        boolean inKey = life.table().key().contains(referral.column());
        List<Value> own = !inKey && shown.containsKey(life) ? shown.get(life) : wanted(life);
        List<Value> tuple = new ArrayList<>();
        for (String column : referral.columns()) {
          int place = life.table().key().indexOf(column);
          tuple.add(
              place >= 0
                  ? own.get(place)
                  : followed(life, column, life.shown(column).value(), substitutes));
        }
        if (!tuple.contains(Value.NULL) && !referral.isSame(lives, tuple, key)) {
          return true;
        }
      }
    }
    return false;
  }

  private Value followed(Referral referral, Value written) {
    List<Value> key = referral == null ? null : key(referral);
    if (key == null) {
      return written;
    }
    boolean same = referral.isSame(lives, key, List.of(written));
    return same ? written : key.get(0);
  }
}
