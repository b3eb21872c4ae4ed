package dev.godwit.sync.internal.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which tables' keys refer to which others: the order in which rows get their keys, since a key
 * that refers shows what the row referred to has. By stable names.
 */
final class KeyOrder {
  private final Map<String, Set<String>> parents = new HashMap<>();
  private final Map<String, Integer> depths = new HashMap<>();

  /** Adds that keys of a table refer to another table. */
  void add(String child, String parent) {
    parents.computeIfAbsent(child, none -> new TreeSet<>()).add(parent);
  }

  /**
   * Adds those references which are in keys, and removes all from the list that would close a
   * circle.
   */
  void keepAcyclic(List<DeclaredReference> references, Predicate<DeclaredReference> isInKey) {
    List<DeclaredReference> inKeys = new ArrayList<>(references);
    inKeys.removeIf(isInKey.negate());
    KeyOrder all = new KeyOrder();
    parents.forEach((child, ones) -> ones.forEach(parent -> all.add(child, parent)));
    inKeys.forEach(one -> all.add(one.table(), one.parent()));
    for (DeclaredReference one : inKeys) {
      if (all.reaches(one.parent(), one.table(), new HashSet<>())) {
        references.remove(one);
      } else {
        add(one.table(), one.parent());
      }
    }
  }

  private boolean reaches(String from, String to, Set<String> seen) {
    if (from.equals(to)) {
      return true;
    }
    if (seen.add(from)) {
      for (String parent : parents.getOrDefault(from, Set.of())) {
        if (reaches(parent, to, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The greatest depth of all. */
  int depth() {
    int greatest = 0;
    for (String table : parents.keySet()) {
      greatest = Math.max(greatest, depth(table));
    }
    return greatest;
  }

  /** How many tables' keys must be known before those of this one: 0 where its key is plain. */
  int depth(String table) {
    Integer known = depths.get(table);
    if (known != null) {
      return known;
    }
    int depth = 0;
    for (String parent : parents.getOrDefault(table, Set.of())) {
      depth = Math.max(depth, 1 + depth(parent));
    }
    depths.put(table, depth);
    return depth;
  }
}
