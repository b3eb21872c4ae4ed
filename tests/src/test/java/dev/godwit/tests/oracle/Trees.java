package dev.godwit.tests.oracle;

import dev.godwit.sync.change.LifeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pass 2: while there is a cycle in a column that is declared a tree, the latest move that is part
 * of one is taken back, to where the row was before; one that has been taken back already, and
 * where no other is left, to the root.
 */
final class Trees {
  private static final Comparator<Life> BY_ID = Comparator.comparing(Life::id);

  private final Lives lives;

  Trees(Lives lives) {
    this.lives = lives;
  }

  void decide() {
    for (TableModel model : lives.models()) {
      for (String column : model.values()) {
        Reference rule = model.references().get(column);
        if (model.policy(column).isTree() && rule != null && rule.table().equals(model.name())) {
          decide(model, column);
        }
      }
    }
  }

  private void decide(TableModel model, String column) {
    List<List<Life>> cycles = cycles(model, column);
    while (!cycles.isEmpty()) {
      List<Life> losers = new ArrayList<>();
      cycles.forEach(cycle -> losers.add(loser(cycle, column)));
      Life last = latest(losers, column);
      boolean toldWhere = last.unit(column).merged().origin(column) != null;
      last.move(column, mayReturn(last, column) && toldWhere ? Move.RETURNED : Move.ROOTED);
      cycles = cycles(model, column);
    }
  }

  /** Whether the row's last write is shown, and put the row elsewhere. */
  private boolean mayReturn(Life life, String column) {
    Referral now = Referral.of(lives, life, column, life.unit(column).merged());
    LifeId before = life.unit(column).merged().origin(column);
    boolean moved = before == null || now == null || !before.equals(now.to());
    return moved && life.move(column) == Move.STANDS;
  }

  private Life loser(List<Life> cycle, String column) {
    List<Life> standing = new ArrayList<>(cycle);
    standing.removeIf(life -> !mayReturn(life, column));
    return latest(standing.isEmpty() ? cycle : standing, column);
  }

  private static Life latest(List<Life> moved, String column) {
    Comparator<Life> byTime =
        Comparator.<Life, Boolean>comparing(life -> !write(life, column).isDerived())
            .thenComparing(life -> write(life, column).change().time())
            .thenComparing(life -> write(life, column).dot())
            .thenComparing(BY_ID);
    return moved.stream().max(byTime).orElseThrow();
  }

  private static Write write(Life life, String column) {
    return life.unit(column).merged().write();
  }

  private List<List<Life>> cycles(TableModel model, String column) {
    Map<Life, Life> parents = new HashMap<>();
    for (Life life : lives.of(model.name())) {
      Life parent = parent(life, column);
      if (parent != null && parent != life) {
        parents.put(life, parent);
      }
    }
    List<List<Life>> cycles = new ArrayList<>();
    Set<Life> known = new HashSet<>();
    for (Life start : parents.keySet()) {
      List<Life> path = new ArrayList<>();
      for (Life at = start; at != null && !path.contains(at); at = parents.get(at)) {
        path.add(at);
      }
      Life next = parents.get(path.get(path.size() - 1));
      if (next != null && known.add(next)) {
        List<Life> cycle = path.subList(path.indexOf(next), path.size());
        known.addAll(cycle);
        cycles.add(cycle);
      }
    }
    return cycles;
  }

  private Life parent(Life life, String column) {
    Shown shown = life.shown(column);
    boolean bornNever = life.writes().stream().noneMatch(Write::writesKey);
    if (shown == null || bornNever) {
      return null;
    }
    Referral referral = Referral.of(lives, life, column, shown);
    LifeId to = referral == null ? null : referral.to();
    return to == null ? null : lives.find(life.table().name(), to);
  }
}
