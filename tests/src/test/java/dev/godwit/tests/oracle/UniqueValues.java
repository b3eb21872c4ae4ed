package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Pass 8 of one table: who of those that want the same unique values gets them. */
final class UniqueValues {
  private static final String NONE = "";

  private final TableModel model;
  private final List<Row> rows;
  private final Set<Life> parked = new HashSet<>();
  private final Map<Life, Set<String>> nulls = new HashMap<>();
  private final List<Claim> contested = new ArrayList<>();

  /**
   * A row that the table shows as far as keys and references decide.
   *
   * @param values what it shows, by column
   * @param versions the writes of which that comes
   */
  record Row(Life life, Map<String, Value> values, Map<String, Write> versions) {
    List<Write> versions(UniqueIndex index) {
      return index.mentioned().stream().map(versions::get).filter(Objects::nonNull).toList();
    }
  }

  /** Several rows that want one tuple of one index. */
  private record Claim(UniqueIndex index, String tuple, List<Row> claimants) {}

  UniqueValues(TableModel model, List<Row> rows) {
    this.model = model;
    this.rows = rows;
    for (UniqueIndex index : model.unique()) {
      Map<String, List<Row>> claimants = new HashMap<>();
      for (Row row : rows) {
        String tuple = index.tuple(row.values());
        if (tuple != null) {
          claimants.computeIfAbsent(tuple, none -> new ArrayList<>()).add(row);
        }
      }
      claimants.forEach(
          (tuple, those) -> {
            if (those.size() > 1) {
              contested.add(new Claim(index, tuple, those));
            }
          });
    }
    judge();
  }

  /** Rows that do not get all that they want, and show NULL nowhere instead. */
  Set<Life> parked() {
    return parked;
  }

  /** The columns in which rows show NULL, since another one has what they want. */
  Map<Life, Set<String>> nulls() {
    return nulls;
  }

  private void judge() {
    List<Row> ranked = new ArrayList<>(rows);
    ranked.removeIf(row -> claims(row).isEmpty());
    ranked.sort(
        Comparator.comparing(this::isOutranked)
            .thenComparing(row -> row.life().isRevived())
            .thenComparing(row -> since(row).change().time())
            .thenComparing(row -> since(row).dot())
            .thenComparing(row -> row.life().id()));
    Set<Claim> taken = new HashSet<>();
    for (Row row : ranked) {
      List<Claim> lost = claims(row).stream().filter(taken::contains).toList();
      Set<String> without = new TreeSet<>();
      lost.forEach(claim -> without.add(yielding(claim.index())));
      Map<String, Value> shown = new HashMap<>(row.values());
      without.forEach(column -> shown.put(column, Value.NULL));
      if (without.contains(NONE) || isWorse(row, without, shown)) {
        parked.add(row.life());
        continue;
      }
      if (!without.isEmpty()) {
        nulls.put(row.life(), without);
      }
      claims(row).stream()
          .filter(claim -> claim.tuple().equals(claim.index().tuple(shown)))
          .forEach(taken::add);
    }
  }

  /** The column of an index in which a row shows NULL that cannot have its tuple. */
  private String yielding(UniqueIndex index) {
    return index.columns().stream()
        .filter(column -> model.policies().policy(column).isNullWhereTaken())
        .findFirst()
        .orElse(NONE);
  }

  /** Whether with NULL in these columns a row breaks a rule, or wants what it did not before. */
  private boolean isWorse(Row row, Set<String> without, Map<String, Value> shown) {
    for (CheckRule rule : model.rules()) {
      boolean about = !Collections.disjoint(rule.columns(), without);
      if (about && AskedSqlite.breaks(rule, AskedSqlite.values(rule, shown::get))) {
        return true;
      }
    }
    return model.unique().stream()
        .map(index -> new String[] {index.tuple(shown), index.tuple(row.values())})
        .anyMatch(tuples -> tuples[0] != null && !tuples[0].equals(tuples[1]));
  }

  private List<Claim> claims(Row row) {
    return contested.stream().filter(claim -> claim.claimants().contains(row)).toList();
  }

  private boolean isOutranked(Row row) {
    for (Claim claim : claims(row)) {
      for (Row other : claim.claimants()) {
        if (other != row && knewAll(other, row, claim.index())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether one of a row's writes was made by somebody who knew all that the other one shows. */
  private boolean knewAll(Row writer, Row known, UniqueIndex index) {
    String yielding = yielding(index);
    // Who writes another column may have NULL in that one.
    List<Write> telling =
        yielding.equals(NONE) ? writer.versions(index) : List.of(writer.versions().get(yielding));
    return telling.stream()
        .anyMatch(
            write ->
                known.versions(index).stream()
                    .allMatch(seen -> write.transaction().dependencies().covers(seen.dot())));
  }

  /** The latest of the versions that its contested tuples are made of. */
  private Write since(Row row) {
    List<Write> versions = new ArrayList<>();
    claims(row).forEach(claim -> versions.addAll(row.versions(claim.index())));
    return Collections.max(
        versions,
        Comparator.<Write, dev.godwit.crdt.causality.HybridTimestamp>comparing(
                write -> write.change().time())
            .thenComparing(Write::dot));
  }
}
