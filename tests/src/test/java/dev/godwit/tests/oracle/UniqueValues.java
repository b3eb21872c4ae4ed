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

/** Pass 8 of one table: who of those that want the same unique values gets them. */
final class UniqueValues {
  private final List<Row> rows;
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
  }

  /** Rows that do not get all that they want. */
  Set<Life> parked() {
    List<Row> ranked = new ArrayList<>(rows);
    ranked.removeIf(row -> claims(row).isEmpty());
    ranked.sort(
        Comparator.comparing(this::isOutranked)
            .thenComparing(row -> row.life().isRevived())
            .thenComparing(row -> since(row).change().time())
            .thenComparing(row -> since(row).dot())
            .thenComparing(row -> row.life().id()));
    Set<Life> parked = new HashSet<>();
    Set<Claim> taken = new HashSet<>();
    for (Row row : ranked) {
      if (Collections.disjoint(taken, claims(row))) {
        taken.addAll(claims(row));
      } else {
        parked.add(row.life());
      }
    }
    return parked;
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
  private static boolean knewAll(Row writer, Row known, UniqueIndex index) {
    return writer.versions(index).stream()
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
