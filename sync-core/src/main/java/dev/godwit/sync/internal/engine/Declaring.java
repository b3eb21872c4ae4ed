package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.policy.PolicyRules;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes policies into the space's own table, from where they reach every replica.
 *
 * <p>What an application's code declares counts as written at timestamp zero: it holds where nobody
 * has said anything, and a device that joins late with old code overturns nothing. What is changed
 * on purpose is an ordinary write.
 */
public final class Declaring {
  private static final long DECLARED_IN_CODE_MILLIS = 0;

  private final ReplicaFile file;

  public Declaring(ReplicaFile file) {
    this.file = file;
  }

  /** Declares what the space says nothing about. Targets are as in {@link #change}. */
  public void declare(Map<String, String> wanted) {
    file.write(
        workspace -> {
          workspace.pack();
          List<Policies.Declaration> unsaid = new ArrayList<>();
          for (Map.Entry<String, String> entry : wanted.entrySet()) {
            Policies.Declaration one = declaration(workspace, entry.getKey(), entry.getValue());
            if (said(workspace.policies(), one) == null) {
              unsaid.add(one);
            }
          }
          writeAsOfOld(workspace, unsaid);
          return null;
        });
  }

  /**
   * Declares that the columns which one CHECK mentions are a group, where nothing is said of them.
   *
   * @param tables stable names of tables that are tracked from now on
   */
  public void declareChecked(List<String> tables) {
    if (tables.isEmpty()) {
      return;
    }
    List<Policies.Declaration> groups =
        file.read(
            workspace -> {
              List<Policies.Declaration> wanted = new ArrayList<>();
              for (String name : tables) {
                TrackedTable table = workspace.catalog().table(name);
                if (table != null) {
                  wanted.addAll(CheckGroups.of(table, workspace.policies()));
                }
              }
              return wanted;
            });
    if (!groups.isEmpty()) {
      file.write(
          workspace -> {
            workspace.pack();
            groups.removeIf(one -> said(workspace.policies(), one) != null);
            writeAsOfOld(workspace, groups);
            return null;
          });
    }
  }

  /** Writes what holds only where nobody has said anything. */
  private static void writeAsOfOld(Workspace workspace, List<Policies.Declaration> declarations) {
    long before = workspace.boundaries().lastNote();
    declarations.forEach(one -> write(workspace, one));
    workspace.session().statement("UPDATE godwit_pending SET time = 0").update();
    workspace.boundaries().sealOwn(before, DECLARED_IN_CODE_MILLIS);
    workspace.pack();
  }

  /**
   * Sets one policy, whatever was declared before.
   *
   * @param target "table.column" for a column's policy, "table." for a table's existence policy
   */
  public void change(String target, String text, long nowMillis) {
    file.write(
        workspace -> {
          workspace.pack();
          long before = workspace.boundaries().lastNote();
          Policies.Declaration wanted = declaration(workspace, target, text);
          if (schema(workspace, wanted.table()) == null
              && workspace.catalog().table(wanted.table()) == null) {
            throw new IllegalArgumentException(
                "expected a policy for a table of this file but there is no table '"
                    + wanted.table()
                    + "'");
          }
          if (!wanted.text().equals(said(workspace.policies(), wanted))) {
            write(workspace, wanted);
            workspace.boundaries().sealOwn(before, nowMillis);
            workspace.pack();
          }
          return null;
        });
  }

  /** Where the space says something else than is wanted, one line each. */
  public List<String> differences(Map<String, String> wanted) {
    return file.read(
        workspace -> {
          List<String> differences = new ArrayList<>();
          Policies policies = workspace.policies();
          wanted.forEach(
              (target, text) -> {
                Policies.Declaration one = declaration(workspace, target, text);
                String said = said(policies, one);
                if (said != null && !said.equals(one.text())) {
                  differences.add(
                      "this application declares "
                          + one.text()
                          + " for "
                          + name(one)
                          + " but the space says "
                          + said
                          + ", which holds: change the code, or change the policy of the space");
                }
              });
          return differences;
        });
  }

  private static String name(Policies.Declaration one) {
    return one.column().isEmpty() ? one.table() : one.table() + "." + one.column();
  }

  private static String said(Policies policies, Policies.Declaration about) {
    for (Policies.Declaration one : policies.declarations()) {
      if (one.table().equals(about.table()) && one.column().equals(about.column())) {
        return one.text();
      }
    }
    return null;
  }

  private static void write(Workspace workspace, Policies.Declaration one) {
    int updated =
        workspace
            .session()
            .statement(
                "UPDATE godwit_space_column SET policy = ? WHERE table_name = ? AND column_name = ?")
            .bind(1, one.text())
            .bind(2, one.table())
            .bind(3, one.column())
            .update();
    if (updated == 0) {
      workspace
          .session()
          .statement(
              "INSERT INTO godwit_space_column (policy, table_name, column_name) VALUES (?, ?, ?)")
          .bind(1, one.text())
          .bind(2, one.table())
          .bind(3, one.column())
          .update();
    }
  }

  /**
   * The declaration in the spelling of the file's schema, checked against it where the table is
   * there already.
   */
  private static Policies.Declaration declaration(Workspace workspace, String target, String text) {
    int split = target.lastIndexOf('.');
    if (split <= 0) {
      throw new IllegalArgumentException(
          "expected a policy for \"table.column\" but got \"" + target + "\"");
    }
    String tableName = target.substring(0, split);
    String column = target.substring(split + 1);
    TableSchema schema = schema(workspace, tableName);
    if (schema == null) {
      return new Policies.Declaration(tableName, column, text);
    }
    String name = PolicyRules.checked(schema, column, text);
    return new Policies.Declaration(
        stableName(workspace, schema), name, checked(workspace, schema, name, text));
  }

  /** The policy's text, with a table that it refers to under its name in the space. */
  private static String checked(
      Workspace workspace, TableSchema schema, String column, String text) {
    if (column.equals(Policies.EXISTENCE)) {
      return text;
    }
    ColumnPolicy policy = ColumnPolicy.parse(text);
    TableSchema parent =
        policy.reference() == null ? null : schema(workspace, policy.reference().table());
    if (policy.reference() != null) {
      String name = parent == null ? null : stableName(workspace, parent);
      policy = PolicyRules.checkedReference(schema, column, policy, parent, name);
    }
    if (policy.isTree()) {
      PolicyRules.requireTree(schema, column, parent);
    }
    if (policy.isNullWhereTaken()) {
      PolicyRules.requireNullable(schema, column);
    }
    boolean asWritten =
        policy.reference() == null && !policy.isTree() && !policy.isNullWhereTaken();
    return asWritten ? text : policy.toString();
  }

  private static TableSchema schema(Workspace workspace, String name) {
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem() && table.schema().name().equalsIgnoreCase(name)) {
        return table.schema();
      }
    }
    SchemaReader reader = new SchemaReader(workspace.session().connection());
    for (String known : reader.applicationTables()) {
      if (known.equalsIgnoreCase(name)) {
        return reader.table(known);
      }
    }
    return null;
  }

  private static String stableName(Workspace workspace, TableSchema schema) {
    for (TrackedTable table : workspace.catalog().tables()) {
      if (table.schema().name().equals(schema.name())) {
        return table.name();
      }
    }
    return schema.name();
  }
}
