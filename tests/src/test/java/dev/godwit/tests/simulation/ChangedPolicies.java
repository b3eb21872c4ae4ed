package dev.godwit.tests.simulation;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Families whose policies any device changes at any time. */
final class ChangedPolicies {
  private static final String ANEW = " anew, ";

  /** The name under which a table's rows say what becomes of rows deleted and edited. */
  private static final String EXISTENCE = "";

  private static final TableModel DECLARATIONS =
      TableModel.of(
          "godwit_space_column", false, List.of("table_name", "column_name"), List.of("policy"));

  private static final List<ColumnPolicy> POLICIES =
      List.of(
          ColumnPolicy.lastWriterWins(),
          ColumnPolicy.max(),
          ColumnPolicy.min(),
          ColumnPolicy.manual(),
          ColumnPolicy.replicaPriority("B", "C"));

  /** A group shows one write as a whole. */
  private static final Set<ColumnPolicy.Kind> OF_SIZE =
      Set.of(ColumnPolicy.Kind.MAX, ColumnPolicy.Kind.MIN);

  private ChangedPolicies() {}

  /** The family, with its policies as they are at first. */
  static Family anew(Family family) {
    return new Family(
        family.name().replaceFirst(", ", ANEW),
        family.schema(),
        family.tables(),
        family.keys(),
        family.literals(),
        family.contested());
  }

  static boolean in(Family family) {
    return family.name().matches("(taken|policies|merged)" + ANEW + ".*");
  }

  /** SQL that changes one policy, of a group for all of its columns. */
  static String sql(Family family, int choice) {
    List<TableModel> tables = new ArrayList<>(family.tables());
    tables.removeIf(table -> table.policies().columns().isEmpty());
    TableModel table = tables.get(choice % tables.size());
    List<String> columns = new ArrayList<>(table.policies().columns().keySet());
    int one = choice / tables.size() % (columns.size() + 1);
    int which = choice / tables.size() / (columns.size() + 1);
    if (one == columns.size()) {
      ExistencePolicy policy = ExistencePolicy.values()[which % ExistencePolicy.values().length];
      return update(table, List.of(EXISTENCE), policy.toString());
    }
    String column = columns.get(one);
    ColumnPolicy policy = table.policies().columns().get(column);
    if (policy.group() == null) {
      columns = List.of(column);
    } else {
      columns.removeIf(
          other -> !policy.group().equals(table.policies().columns().get(other).group()));
    }
    List<ColumnPolicy> options = options(policy);
    return update(table, columns, options.get(which % options.size()).toString());
  }

  private static List<ColumnPolicy> options(ColumnPolicy policy) {
    if (policy.isNullWhereTaken()) {
      String without = policy.toString().replace(" null where taken", "");
      return List.of(policy, ColumnPolicy.parse(without));
    }
    if (policy.kind().merges()) {
      return List.of(policy, ColumnPolicy.lastWriterWins(), ColumnPolicy.manual());
    }
    if (policy.group() == null) {
      return POLICIES;
    }
    return POLICIES.stream()
        .filter(one -> !OF_SIZE.contains(one.kind()))
        .map(one -> one.inGroup(policy.group()))
        .toList();
  }

  private static String update(TableModel table, Collection<String> columns, String policy) {
    Set<String> rows = new TreeSet<>();
    columns.forEach(
        column ->
            rows.add(
                "('" + table.name() + "', '" + column + "', '" + policy.replace("'", "''") + "')"));
    return "INSERT INTO godwit_space_column (table_name, column_name, policy) VALUES "
        + String.join(", ", rows)
        + " ON CONFLICT DO UPDATE SET policy = excluded.policy";
  }

  /** The tables of a family as they are to who has applied these transactions. */
  static List<TableModel> tables(Family family, Collection<Transaction> applied) {
    if (!in(family)) {
      return family.tables();
    }
    Map<String, TablePolicies> said = new HashMap<>();
    for (List<Value> row : new Oracle(List.of(DECLARATIONS), applied).values(DECLARATIONS.name())) {
      String table = text(row.get(0));
      TablePolicies before = said.getOrDefault(table, TablePolicies.NONE);
      said.put(
          table,
          text(row.get(1)).equals(EXISTENCE)
              ? new TablePolicies(
                  text(row.get(2)).equals(ExistencePolicy.DELETE_WINS.toString()), before.columns())
              : before.with(text(row.get(1)), text(row.get(2))));
    }
    return family.tables().stream()
        .map(table -> table.under(said.getOrDefault(table.name(), TablePolicies.NONE)))
        .toList();
  }

  private static String text(Value value) {
    return ((Value.Text) value).text();
  }
}
