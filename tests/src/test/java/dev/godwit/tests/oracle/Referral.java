package dev.godwit.tests.oracle;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * What one column of one row refers to.
 *
 * @param from the row
 * @param column its column
 * @param rule what the schema says of the reference
 * @param write the write that says what it refers to
 * @param to the row referred to
 */
record Referral(Life from, String column, Reference rule, Write write, LifeId to) {
  /**
   * What a row refers to by the key that it wants and the values that it shows. A NULL refers to
   * nothing, a bare reference neither; nor does, where a reference is declared, a value of which
   * its author said nothing more.
   */
  static List<Referral> of(Lives lives, Life life) {
    List<Referral> referrals = new ArrayList<>();
    for (String column : life.table().columns()) {
      int keyPlace = life.table().key().indexOf(column);
      Shown shown = keyPlace >= 0 ? null : life.shown(column);
      if (keyPlace >= 0 || shown != null) {
        Write write = keyPlace >= 0 ? life.wantedKey() : shown.write();
        int position = keyPlace >= 0 ? keyPlace : write.position(column);
        Value written = keyPlace >= 0 ? write.change().key().values().get(keyPlace) : shown.value();
        Referral referral = of(lives, life, column, write, position, written);
        if (referral != null) {
          referrals.add(referral);
        }
      }
    }
    return referrals;
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
    if (explicit == null && rule.isDeclared()) {
      return null;
    }
    LifeId to = explicit == null ? birth(lives.model(rule.table()), written) : explicit;
    return new Referral(life, column, rule, write, to);
  }

  private static LifeId birth(TableModel parent, Value written) {
    return new KeyColumn.Parent(
            parent.name(),
            parent.ignoresCase() ? KeyColumn.Collation.NOCASE : KeyColumn.Collation.BINARY)
        .birthLife(written);
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
    return toNull && from.table().mayBeNull(column) ? Value.NULL : null;
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
