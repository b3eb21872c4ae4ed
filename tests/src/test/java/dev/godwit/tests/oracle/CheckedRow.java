package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.Value;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Pass 7 of one row: which columns show their last writer's own value, and whether it is out. */
final class CheckedRow {
  private final Life life;
  private final Set<String> fallen = new TreeSet<>();
  private final boolean isOut;

  CheckedRow(Life life) {
    this.life = life;
    boolean more = true;
    while (more) {
      Set<String> falling = new TreeSet<>();
      for (CheckRule rule : life.table().rules()) {
        if (isBroken(rule)) {
          rule.columns().stream().filter(this::showsAnother).forEach(falling::add);
        }
      }
      falling.forEach(column -> fallen.addAll(life.table().group(column)));
      more = !falling.isEmpty();
    }
    isOut = life.table().rules().stream().anyMatch(rule -> isBroken(rule) && isOfSeveral(rule));
  }

  Set<String> fallen() {
    return fallen;
  }

  boolean isOut() {
    return isOut;
  }

  private Shown shown(String column) {
    Unit unit = life.unit(column);
    Shown shown = fallen.contains(column) ? unit.ofLastWriter() : unit.merged();
    return shown == null ? null : shown.moved(column, life.move(column));
  }

  private boolean isBroken(CheckRule rule) {
    if (rule.columns().stream().anyMatch(column -> shown(column) == null)) {
      return false;
    }
    return AskedSqlite.breaks(rule, AskedSqlite.values(rule, column -> shown(column).value()));
  }

  private boolean showsAnother(String column) {
    if (fallen.contains(column)) {
      return false;
    }
    Value own = life.unit(column).ofLastWriter().value();
    return !own.equals(life.unit(column).merged().value());
  }

  private boolean isOfSeveral(CheckRule rule) {
    if (rule.columns().stream().anyMatch(column -> life.move(column) != Move.STANDS)) {
      return true;
    }
    Set<Dot> dots = new HashSet<>();
    rule.columns().forEach(column -> dots.add(shown(column).write().dot()));
    return dots.size() > 1;
  }
}
