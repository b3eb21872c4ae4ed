package dev.godwit.tests.simulation;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Schemas without FOREIGN KEY clauses, whose references the space policy declares: those of other
 * families with the clauses left out.
 *
 * <p>Who has not heard of a declaration shows its rows without it, so what a device is to show
 * depends on the declarations that it has applied.
 */
final class DeclaredFamilies {
  private static final String CLAUSE =
      "(?i) REFERENCES \\w+(\\(\\w+\\))?( ON (UPDATE|DELETE) (CASCADE|RESTRICT|NO ACTION|SET NULL|SET DEFAULT))*";

  /** Enough of them where all kinds of schemas are drawn. */
  static final String SOME =
      "declared (text reference|cascade chain|set default|two parents, RESTRICT.*)"
          + "|declared late, (reference|cascade chain of texts|restrict chain|tree, set null)"
          + "|declared anew, (tree|cascade chain|set null|two parents, CASCADE and RESTRICT"
          + "|deletes win, RESTRICT|unique above others.*)";

  private static final TableModel DECLARATIONS =
      TableModel.of(
          "godwit_space_column", false, List.of("table_name", "column_name"), List.of("policy"));

  /** When a family's references are declared. */
  enum Time {
    /** By everybody, before there are rows. */
    FIRST("declared "),
    /** By the second device; the first one has rows when it hears of it. */
    LATE("declared late, "),
    /** By any device at any time, this way or that way. */
    CHANGING("declared anew, ");

    private final String prefix;

    Time(String prefix) {
      this.prefix = prefix;
    }
  }

  private DeclaredFamilies() {}

  /** When the references of a family are declared, null where it has foreign keys. */
  static Time time(Family family) {
    for (Time time : new Time[] {Time.LATE, Time.CHANGING, Time.FIRST}) {
      if (family.name().startsWith(time.prefix)) {
        return time;
      }
    }
    return null;
  }

  /** These families with their references declared; those with references in keys are left out. */
  static List<Family> of(List<Family> families) {
    List<Family> declared = new ArrayList<>();
    for (Time time : Time.values()) {
      for (Family family : families) {
        boolean inKey =
            family.tables().stream()
                .anyMatch(table -> table.key().stream().anyMatch(table.references()::containsKey));
        boolean refers = family.tables().stream().anyMatch(table -> !table.references().isEmpty());
        if (refers && !inKey) {
          declared.add(of(family, time));
        }
      }
    }
    return declared;
  }

  private static Family of(Family family, Time time) {
    List<String> schema = new ArrayList<>();
    family.schema().forEach(sql -> schema.add(sql.replaceAll(CLAUSE, "")));
    List<TableModel> tables = new ArrayList<>();
    for (TableModel table : family.tables()) {
      Map<String, Reference> references = new HashMap<>();
      table.references().forEach((column, one) -> references.put(column, one.declared()));
      tables.add(table.referringOnly(references));
    }
    return new Family(
        time.prefix + family.name(),
        schema,
        tables,
        family.keys(),
        family.literals(),
        family.contested());
  }

  /** The policy that declares a reference. */
  static ColumnPolicy policy(Reference reference) {
    return ColumnPolicy.lastWriterWins()
        .references(
            reference.table(), dev.godwit.sync.policy.OnDelete.valueOf(reference.action().name()));
  }

  /** SQL that changes what is declared of one column of a table. */
  static String change(String table, String column, Reference reference, int choice) {
    OnDelete[] actions = {
      OnDelete.CASCADE, OnDelete.RESTRICT, OnDelete.SET_NULL, OnDelete.SET_DEFAULT
    };
    ColumnPolicy policy =
        choice < actions.length
            ? policy(new Reference(reference.table(), actions[choice], reference.byDefault()))
            : ColumnPolicy.lastWriterWins();
    return "INSERT OR REPLACE INTO godwit_space_column (table_name, column_name, policy) VALUES ('"
        + table
        + "', '"
        + column
        + "', '"
        + policy.toString().replace("'", "''")
        + "')";
  }

  /** The tables of a family as they are to who has applied these transactions. */
  static List<TableModel> tables(Family family, Collection<Transaction> applied) {
    if (time(family) == null) {
      return IndexedFamilies.tables(family, applied);
    }
    Map<String, ColumnPolicy> policies = new HashMap<>();
    for (List<Value> row : new Oracle(List.of(DECLARATIONS), applied).values(DECLARATIONS.name())) {
      if (!text(row.get(1)).isEmpty()) {
        policies.put(
            text(row.get(0)) + "." + text(row.get(1)), ColumnPolicy.parse(text(row.get(2))));
      }
    }
    List<TableModel> tables = new ArrayList<>();
    for (TableModel table : family.tables()) {
      Map<String, Reference> known = new HashMap<>();
      table
          .references()
          .forEach(
              (column, one) -> {
                ColumnPolicy policy = policies.get(table.name() + "." + column);
                if (policy != null && policy.reference() != null) {
                  String action = policy.reference().onDelete().name();
                  known.put(
                      column,
                      new Reference(one.table(), OnDelete.valueOf(action), one.byDefault(), true));
                }
              });
      tables.add(table.referringOnly(known));
    }
    return tables;
  }

  private static String text(Value value) {
    return ((Value.Text) value).text();
  }
}
