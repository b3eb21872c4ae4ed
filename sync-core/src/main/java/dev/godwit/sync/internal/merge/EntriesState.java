package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.MergeOperation.Added;
import dev.godwit.sync.change.MergeOperation.Removed;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The entries of a set or map: each with the transaction that added it, gone when somebody removes
 * what he saw of it, so that an entry added again meanwhile stays (observed-remove, add wins).
 *
 * <p>Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types"
 * (2011). Operations arrive once each and in causal order, so that nothing need be kept of what is
 * gone. A write of the whole value removes all that its author saw.
 *
 * <p>Of several contents of one entry the last writer's is shown. Entries stand in the order of the
 * last writer's text, followed by those that it lacks, in the order in which they were added.
 */
final class EntriesState implements MergeState {
  private final MergeOperation.Type type;
  private final List<Standing> standing = new ArrayList<>();

  /** One entry that somebody added. */
  private record Standing(
      String name, String content, Dot dot, HybridTimestamp time, int place, boolean derived)
      implements Comparable<Standing> {
    @Override
    public int compareTo(Standing other) {
      if (derived != other.derived) {
        return derived ? -1 : 1;
      }
      int byTime = time.compareTo(other.time);
      if (byTime != 0) {
        return byTime;
      }
      int byDot = dot.compareTo(other.dot);
      return byDot != 0 ? byDot : Integer.compare(place, other.place);
    }
  }

  EntriesState(MergeOperation.Type type) {
    this.type = type;
  }

  @Override
  public MergeOperation.Type type() {
    return type;
  }

  @Override
  public void joinBase(Version written, Predicate<Dot> dominated) {
    forget(dominated);
    List<JsonEntries.Entry> entries = JsonEntries.of(type, written.value());
    if (entries != null) {
      for (int place = 0; place < entries.size(); place++) {
        JsonEntries.Entry entry = entries.get(place);
        add(written, entry.name(), entry.content(), place);
      }
    }
  }

  private void add(Version written, String name, String content, int place) {
    standing.add(
        new Standing(name, content, written.dot(), written.time(), place, written.derived()));
  }

  @Override
  public void join(
      Version written,
      MergeOperation operation,
      VersionVector dependencies,
      Predicate<Dot> dominated) {
    MergeOperation.Entries entries = (MergeOperation.Entries) operation;
    Set<Removed> removed = new HashSet<>(entries.removed());
    standing.removeIf(entry -> removed.contains(new Removed(entry.dot(), entry.name())));
    for (Added added : entries.added()) {
      add(written, added.name(), added.content(), added.place());
    }
  }

  @Override
  public void forget(Predicate<Dot> dominated) {
    standing.removeIf(entry -> dominated.test(entry.dot()));
  }

  @Override
  public Set<Dot> kept() {
    Set<Dot> kept = new HashSet<>();
    standing.forEach(entry -> kept.add(entry.dot()));
    return kept;
  }

  @Override
  public Value shown(List<Version> siblings) {
    Version last = siblings.get(siblings.size() - 1);
    Map<String, Standing> alive = alive();
    List<JsonEntries.Entry> written = JsonEntries.of(type, last.value());
    if (written == null && alive.isEmpty()) {
      return null;
    }
    List<JsonEntries.Entry> ordered = ordered(written == null ? hint(siblings) : written, alive);
    return isAsWritten(ordered, written) ? last.value() : Value.of(JsonEntries.text(type, ordered));
  }

  /** Texts that are no JSON beside such that are, and members that somebody else wrote later. */
  @Override
  public Set<Dot> lost(List<Version> siblings) {
    Version last = siblings.get(siblings.size() - 1);
    Map<String, Standing> alive = alive();
    boolean lastStands = alive.isEmpty() && JsonEntries.of(type, last.value()) == null;
    Set<Dot> lost = new HashSet<>();
    for (Version version : siblings) {
      boolean says =
          !version.value().equals(Value.NULL) && JsonEntries.of(type, version.value()) == null;
      if (says && !(lastStands && version.value().equals(last.value()))) {
        lost.add(version.dot());
      }
    }
    for (Standing entry : standing) {
      if (!entry.content().equals(alive.get(entry.name()).content())
          && type == MergeOperation.Type.MAP) {
        lost.add(entry.dot());
      }
    }
    return lost;
  }

  /**
   * Whether these are the entries of a text, in its order. Equal values of an array may be spelled
   * otherwise where they were added first: whoever wrote the text shows his spelling already.
   */
  private boolean isAsWritten(List<JsonEntries.Entry> ordered, List<JsonEntries.Entry> written) {
    if (type == MergeOperation.Type.MAP || written == null) {
      return ordered.equals(written);
    }
    return names(ordered).equals(names(written));
  }

  private static List<String> names(List<JsonEntries.Entry> entries) {
    List<String> names = new ArrayList<>();
    entries.forEach(entry -> names.add(entry.name()));
    return names;
  }

  /** The entries of the latest text that has any. */
  private List<JsonEntries.Entry> hint(List<Version> siblings) {
    for (int i = siblings.size() - 1; i >= 0; i--) {
      List<JsonEntries.Entry> entries = JsonEntries.of(type, siblings.get(i).value());
      if (entries != null) {
        return entries;
      }
    }
    return List.of();
  }

  private static List<JsonEntries.Entry> ordered(
      List<JsonEntries.Entry> hint, Map<String, Standing> alive) {
    List<JsonEntries.Entry> ordered = new ArrayList<>();
    Map<String, Standing> left = new HashMap<>(alive);
    for (JsonEntries.Entry entry : hint) {
      Standing stands = left.remove(entry.name());
      if (stands != null) {
        ordered.add(new JsonEntries.Entry(stands.name(), stands.content()));
      }
    }
    List<Standing> others = new ArrayList<>(left.values());
    Collections.sort(others);
    others.forEach(one -> ordered.add(new JsonEntries.Entry(one.name(), one.content())));
    return ordered;
  }

  /** Of each name the last writer's entry. */
  private Map<String, Standing> alive() {
    Map<String, Standing> alive = new HashMap<>();
    for (Standing entry : standing) {
      alive.merge(entry.name(), entry, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
    return alive;
  }

  /**
   * The operation that makes these entries of what is shown.
   *
   * @return null when the entries that stand are not the ones shown
   */
  MergeOperation difference(List<JsonEntries.Entry> shown, List<JsonEntries.Entry> wanted) {
    Map<String, Standing> alive = alive();
    Map<String, Standing> byShown = named(shown, alive);
    if (byShown == null) {
      return null;
    }
    List<Added> added = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    for (int place = 0; place < wanted.size(); place++) {
      JsonEntries.Entry entry = wanted.get(place);
      Standing stands = byShown.get(entry.name());
      boolean same =
          stands != null
              && (type == MergeOperation.Type.SET || stands.content().equals(entry.content()));
      if (same) {
        kept.add(stands.name());
      } else {
        String name = stands == null ? free(entry.name(), alive, kept) : entry.name();
        kept.add(name);
        added.add(new Added(name, entry.content(), place));
      }
    }
    Set<String> rewritten = new HashSet<>();
    added.forEach(one -> rewritten.add(one.name()));
    List<Removed> removed = new ArrayList<>();
    for (Standing entry : standing) {
      if (!kept.contains(entry.name()) || rewritten.contains(entry.name())) {
        removed.add(new Removed(entry.dot(), entry.name()));
      }
    }
    return new MergeOperation.Entries(type, added, removed);
  }

  /**
   * Which standing entry each shown one is. Of equal values in an array the ones that stand may be
   * the second and the third: they are shown as the first and the second.
   */
  private Map<String, Standing> named(List<JsonEntries.Entry> shown, Map<String, Standing> alive) {
    if (shown.size() != alive.size()) {
      return null;
    }
    Map<String, List<Standing>> groups = new HashMap<>();
    for (Standing entry : alive.values()) {
      groups.computeIfAbsent(group(entry.name()), none -> new ArrayList<>()).add(entry);
    }
    groups
        .values()
        .forEach(
            equal ->
                equal.sort((one, other) -> Long.compare(rank(one.name()), rank(other.name()))));
    Map<String, Standing> named = new HashMap<>();
    for (JsonEntries.Entry entry : shown) {
      List<Standing> equal = groups.get(group(entry.name()));
      if (equal == null || equal.isEmpty()) {
        return null;
      }
      named.put(entry.name(), equal.remove(0));
    }
    return named;
  }

  /** A name for one more of equal values that no entry has. */
  private String free(String name, Map<String, Standing> alive, Set<String> taken) {
    if (type == MergeOperation.Type.MAP) {
      return name;
    }
    String group = group(name);
    long rank = 0;
    while (alive.containsKey(rank + ":" + group) || taken.contains(rank + ":" + group)) {
      rank++;
    }
    return rank + ":" + group;
  }

  private String group(String name) {
    return type == MergeOperation.Type.MAP ? name : name.substring(name.indexOf(':') + 1);
  }

  private long rank(String name) {
    return type == MergeOperation.Type.MAP
        ? 0
        : Long.parseLong(name.substring(0, name.indexOf(':')));
  }

  @Override
  public void rename(UnaryOperator<Dot> names) {
    standing.replaceAll(
        one ->
            new Standing(
                one.name(),
                one.content(),
                names.apply(one.dot()),
                one.time(),
                one.place(),
                one.derived()));
  }

  @Override
  public void write(EncodingWriter out) {
    out.writeUnsigned(standing.size());
    for (Standing entry : standing) {
      out.writeText(entry.name()).writeText(entry.content()).writeDot(entry.dot());
      out.writeUnsigned(entry.time().packed()).writeUnsigned(entry.place());
      out.writeByte(entry.derived() ? 1 : 0);
    }
  }

  static EntriesState read(MergeOperation.Type type, EncodingReader in) {
    EntriesState state = new EntriesState(type);
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      String name = in.readText();
      String content = in.readText();
      Dot dot = in.readDot();
      HybridTimestamp time = new HybridTimestamp(in.readUnsigned(Long.MAX_VALUE));
      int place = in.readInt(Integer.MAX_VALUE);
      state.standing.add(new Standing(name, content, dot, time, place, in.readByte() == 1));
    }
    return state;
  }
}
