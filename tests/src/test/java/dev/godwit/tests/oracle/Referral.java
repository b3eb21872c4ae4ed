package dev.godwit.tests.oracle;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What one column of one row refers to, or several together.
 *
 * @param from the row
 * @param column its column, of several the one that keeps what they mean
 * @param rule what the schema says of the reference
 * @param write the write that says what it refers to
 * @param to the row referred to
 * @param returned whether it is where the row was before a move that is not shown
 */
record Referral(
    Life from, String column, Reference rule, Write write, LifeId to, boolean returned) {
  /**
   * What a row refers to by the key that it wants and the values that it shows. A NULL refers to
   * nothing, a bare reference neither; nor does, where a reference is declared, a value of which
   * its author said nothing more.
   */
  static List<Referral> of(Lives lives, Life life) {
    List<Referral> referrals = new ArrayList<>();
    referrals.addAll(ofKey(lives, life, life.wantedKey()));
    for (String column : life.table().values()) {
      Referral referral =
          life.shown(column) == null ? null : of(lives, life, column, life.shown(column));
      if (referral != null) {
        referrals.add(referral);
      }
    }
    return referrals;
  }

  /** What a row refers to by a key that was written, in the order of the columns' names. */
  static List<Referral> ofKey(Lives lives, Life life, Write write) {
    List<Referral> referrals = new ArrayList<>();
    for (String column : new TreeSet<>(life.table().key())) {
      int place = life.table().key().indexOf(column);
      Value written = write.change().key().values().get(place);
      Referral referral = of(lives, life, column, write, place, written);
      if (referral != null) {
        referrals.add(referral);
      }
    }
    return referrals;
  }

  /** What a column outside the key refers to, null for nothing. */
  static Referral of(Lives lives, Life life, String column, Shown shown) {
    Reference of = life.table().references().get(column);
    if (of != null && !of.columns().isEmpty()) {
      return ofSeveral(lives, life, column, of, shown.write());
    }
    if (shown.move() == Move.STANDS) {
      int position = shown.write().position(column);
      return of(lives, life, column, shown.write(), position, shown.value());
    }
    Reference rule = life.table().references().get(column);
    Reference toNull = new Reference(rule.table(), OnDelete.SET_NULL, Value.NULL);
    return shown.move() == Move.ROOTED
        ? null
        : new Referral(life, column, toNull, shown.write(), shown.origin(column), true);
  }

  /**
   * What several columns refer to: what the write says that they all show, but for those in the
   * key. Who writes only some of them knows nothing of the reference, nor does who says nothing. A
   * NULL refers to nothing.
   */
  private static Referral ofSeveral(
      Lives lives, Life life, String column, Reference rule, Write write) {
    List<String> outside = new ArrayList<>(rule.columns());
    outside.removeAll(life.table().key());
    for (String one : outside) {
      Shown shown = life.shown(one);
      if (shown == null || shown.write() != write || shown.value().equals(Value.NULL)) {
        return null;
      }
    }
    LifeId to = write.change().extras().references().get(write.position(column));
    return to == null ? null : new Referral(life, column, rule, write, to, false);
  }

  /**
   * The values that its columns hold, before they follow the row referred to.
   *
   * @param key of the row
   */
  List<Value> written(List<Value> key) {
    List<Value> written = new ArrayList<>();
    for (String one : columns()) {
      int place = from.table().key().indexOf(one);
      written.add(place < 0 ? from.shown(one).value() : key.get(place));
    }
    return written;
  }

  List<String> columns() {
    return rule.columns(column);
  }

  /** What one written value refers to, null for nothing. */
  static Referral of(
      Lives lives, Life life, String column, Write write, int position, Value written) {
    Reference rule = life.table().references().get(column);
    if (rule == null
        || written.equals(Value.NULL)
        || write.change().extras().bare().contains(position)) {
      return null;
    }
    LifeId explicit = write.change().extras().references().get(position);
    // One value does not tell which row has a key of several, or one that is a reference itself.
    boolean writtenOut = rule.isDeclared() || !rule.columns().isEmpty();
    if (explicit == null && (writtenOut || lives.model(rule.table()).keyRefers())) {
      return null;
    }
    LifeId to = explicit == null ? birth(lives.model(rule.table()), written) : explicit;
    return new Referral(life, column, rule, write, to, false);
  }

  private static LifeId birth(TableModel parent, Value written) {
    return new KeyColumn.Parent(
            parent.name(),
            parent.ignoresCase() ? KeyColumn.Collation.NOCASE : KeyColumn.Collation.BINARY)
        .birthLife(written);
  }

  /** Whether SQLite holds these values equal, in the columns of the row referred to. */
  boolean isSame(Lives lives, List<Value> left, List<Value> right) {
    boolean folds = rule.isToKey() && lives.model(rule.table()).ignoresCase();
    for (int i = 0; i < left.size(); i++) {
      String one = Equality.identity(left.get(i), folds);
      if (!one.equals(Equality.identity(right.get(i), folds))) {
        return false;
      }
    }
    return true;
  }

  boolean isJudged() {
    return rule.action() != OnDelete.NOT_JUDGED;
  }

  /** Whether some standing delete of the row referred to had seen the reference. */
  boolean wasSeenByADelete(Life target) {
    return target.standingDeletes().stream().anyMatch(delete -> delete.sawReference(write));
  }

  /**
   * What the referring row shows instead where its row is away; null when it is to be hidden then.
   */
  Value substitute() {
    if (toDefault()) {
      return rule.byDefault();
    }
    boolean toNull = rule.action() == OnDelete.SET_NULL || rule.action() == OnDelete.SET_DEFAULT;
    boolean severalToDefault = rule.action() == OnDelete.SET_DEFAULT && columns().size() > 1;
    boolean mayBeNull = columns().stream().allMatch(from.table()::mayBeNull);
    return toNull && mayBeNull && !severalToDefault ? Value.NULL : null;
  }

  private boolean toDefault() {
    return rule.action() == OnDelete.SET_DEFAULT
        && !rule.byDefault().equals(Value.NULL)
        && !from.table().key().contains(column);
  }

  /**
   * The row that the default means; null where it is none, or where a key tells nothing of its row.
   */
  LifeId byDefault(Lives lives) {
    TableModel parent = lives.model(rule.table());
    return toDefault() && !parent.surrogate() ? birth(parent, rule.byDefault()) : null;
  }
}
