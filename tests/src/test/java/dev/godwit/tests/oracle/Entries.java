package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a set or map that nobody has taken away: one goes when somebody removes it who saw
 * it, or writes the whole value anew.
 */
final class Entries {
  private final Life life;
  private final String column;
  private final boolean isSet;

  /** An entry that one write added. */
  private record Added(Write write, String name, String content, int place) {
    static final Comparator<Added> LAST_WINS =
        Comparator.<Added, Boolean>comparing(one -> !one.write().isDerived())
            .thenComparing(one -> one.write().change().time())
            .thenComparing(one -> one.write().dot())
            .thenComparing(Added::place);
  }

  Entries(Life life, String column, ColumnPolicy.Kind kind) {
    this.life = life;
    this.column = column;
    this.isSet = kind == ColumnPolicy.Kind.SET;
  }

  Shown shown(List<Write> siblings) {
    Write last = siblings.get(siblings.size() - 1);
    Map<String, String> alive = alive();
    Map<String, String> written = json(last);
    if (written == null && alive.isEmpty()) {
      return Shown.of(last, column);
    }
    Map<String, String> shown = new LinkedHashMap<>();
    for (String name : latestText(siblings).keySet()) {
      if (alive.containsKey(name)) {
        shown.put(name, alive.get(name));
      }
    }
    alive.forEach(shown::putIfAbsent);
    return isAsWritten(shown, written)
        ? Shown.of(last, column)
        : new Shown(last, Value.of(text(shown)));
  }

  /** Whether a text says just this; how the values of an array are spelled does not matter. */
  private boolean isAsWritten(Map<String, String> shown, Map<String, String> written) {
    if (written == null) {
      return false;
    }
    boolean sameNames = List.copyOf(shown.keySet()).equals(List.copyOf(written.keySet()));
    return sameNames && (isSet || shown.equals(written));
  }

  private String text(Map<String, String> entries) {
    List<String> parts = new ArrayList<>();
    entries.forEach(
        (name, content) -> parts.add(isSet ? content : JsonText.quoted(name) + ":" + content));
    String all = String.join(",", parts);
    return isSet ? "[" + all + "]" : "{" + all + "}";
  }

  /** The entries of the last text of them that has any. */
  private Map<String, String> latestText(List<Write> siblings) {
    Map<String, String> latest = Map.of();
    for (Write sibling : siblings) {
      Map<String, String> entries = json(sibling);
      latest = entries == null ? latest : entries;
    }
    return latest;
  }

  private Map<String, String> json(Write write) {
    return JsonText.entries(write.value(column), isSet);
  }

  /** What stands by name, of each name the last writer's, in the order in which it was added. */
  private Map<String, String> alive() {
    List<Added> standing = new ArrayList<>();
    life.writes().forEach(write -> standing.addAll(added(write)));
    standing.removeIf(one -> life.writes().stream().anyMatch(write -> removes(write, one)));
    Map<String, Added> byName = new LinkedHashMap<>();
    standing.sort(Added.LAST_WINS);
    for (Added one : standing) {
      byName.remove(one.name());
      byName.put(one.name(), one);
    }
    Map<String, String> alive = new LinkedHashMap<>();
    byName.forEach((name, one) -> alive.put(name, one.content()));
    return alive;
  }

  private List<Added> added(Write write) {
    List<Added> added = new ArrayList<>();
    if (!write.writes(column)) {
      return added;
    }
    if (write.operation(column) instanceof MergeOperation.Entries entries) {
      entries
          .added()
          .forEach(one -> added.add(new Added(write, one.name(), one.content(), one.place())));
    } else if (json(write) != null) {
      json(write)
          .forEach((name, content) -> added.add(new Added(write, name, content, added.size())));
    }
    return added;
  }

  private boolean removes(Write write, Added entry) {
    if (write == entry.write() || !write.saw(entry.write())) {
      return false;
    }
    if (write.isInsert()) {
      return true;
    }
    if (!write.writes(column)) {
      return false;
    }
    Dot dot = entry.write().dot();
    return !(write.operation(column) instanceof MergeOperation.Entries entries)
        || entries.removed().contains(new MergeOperation.Removed(dot, entry.name()));
  }
}
