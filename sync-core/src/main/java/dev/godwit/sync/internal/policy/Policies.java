package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.capture.DeclaredReference;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The policies of a space as its table {@code godwit_space_column} holds them: one row for each
 * declared column, and under the column name "" the existence policy of the table.
 *
 * <p>A text that this version cannot read counts as the default and is left as it is. Immutable.
 */
public final class Policies {
  /** Nothing declared: every column last-writer-wins, every table update-wins. */
  public static final Policies NONE = new Policies(List.of());

  /** Under this column name stands the existence policy of a table. */
  public static final String EXISTENCE = "";

  private final List<Declaration> declarations;
  private final Map<String, TablePolicy> tables = new HashMap<>();

  /**
   * One row of the space's table.
   *
   * @param table the table's stable name
   * @param column the column's stable name, or {@link #EXISTENCE}
   * @param text the policy
   */
  public record Declaration(String table, String column, String text) {}

  /** The policies of these rows, in order of table and column. */
  public Policies(List<Declaration> declarations) {
    this.declarations = List.copyOf(declarations);
    Map<String, TreeMap<String, ColumnPolicy>> columns = new HashMap<>();
    Map<String, ExistencePolicy> existence = new HashMap<>();
    for (Declaration one : declarations) {
      columns.computeIfAbsent(one.table(), none -> new TreeMap<>());
      try {
        if (one.column().equals(EXISTENCE)) {
          existence.put(one.table(), ExistencePolicy.parse(one.text()));
        } else {
          columns.get(one.table()).put(one.column(), ColumnPolicy.parse(one.text()));
        }
      } catch (IllegalArgumentException e) {
        // Declared by a later version of this library: shown by the default until this one is
        // updated, and kept as it is.
        continue;
      }
    }
    columns.forEach(
        (table, named) ->
            tables.put(
                table,
                new TablePolicy(
                    named, existence.getOrDefault(table, ExistencePolicy.UPDATE_WINS))));
  }

  TablePolicy table(String name) {
    return tables.getOrDefault(name, TablePolicy.NONE);
  }

  public boolean isEmpty() {
    return declarations.isEmpty();
  }

  public List<Declaration> declarations() {
    return declarations;
  }

  /** The tables in which some column has a policy of this kind, in order of names. */
  public Set<String> tablesWith(ColumnPolicy.Kind kind) {
    Set<String> names = new TreeSet<>();
    tables.forEach(
        (name, table) -> {
          if (table.columns().values().stream().anyMatch(policy -> policy.kind() == kind)) {
            names.add(name);
          }
        });
    return names;
  }

  /** The columns of a table with a policy of this kind, each with it. */
  public Map<String, ColumnPolicy> columnsWith(ColumnPolicy.Kind kind, String table) {
    Map<String, ColumnPolicy> columns = new TreeMap<>(table(table).columns());
    columns.values().removeIf(policy -> policy.kind() != kind);
    return columns;
  }

  /** The columns of a table that are declared trees. */
  public Set<String> trees(String table) {
    return table(table).trees();
  }

  /** The columns of a table that show NULL where another row has the unique value of theirs. */
  public Set<String> nullsWhereTaken(String table) {
    return table(table).nullsWhereTaken();
  }

  /** The references that are declared, in order of table and column. */
  public List<DeclaredReference> references() {
    List<DeclaredReference> references = new ArrayList<>();
    for (Declaration one : declarations) {
      ColumnPolicy policy = table(one.table()).columns().get(one.column());
      if (policy != null && policy.reference() != null) {
        references.add(
            new DeclaredReference(
                one.table(),
                one.column(),
                policy.reference().table(),
                policy.reference().onDelete()));
      }
    }
    return references;
  }

  /** The names of these columns of a table and of all that are in a group with one of them. */
  public List<String> completed(String table, List<String> columns) {
    TablePolicy policy = isEmpty() ? TablePolicy.NONE : table(table);
    if (!policy.hasGroups()) {
      return columns;
    }
    List<String> completed = new ArrayList<>(columns);
    for (String column : columns) {
      for (String other : policy.group(column)) {
        if (!completed.contains(other)) {
          completed.add(other);
        }
      }
    }
    return completed;
  }

  /**
   * What a change made under these policies names them by: equal for equal policies on every
   * replica, 0 for none; otherwise the first 63 bits of a hash over all declarations.
   */
  public long version() {
    if (declarations.isEmpty()) {
      return 0;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
      long version = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        version = version << 8 | hash[i] & 0xff;
      }
      return version >>> 1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected every Java and Android to have SHA-256", e);
    }
  }

  /** All declarations as one text, equal for equal policies. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Declaration one : declarations) {
      for (String part : new String[] {one.table(), one.column(), one.text()}) {
        text.append(part.length()).append(':').append(part);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
