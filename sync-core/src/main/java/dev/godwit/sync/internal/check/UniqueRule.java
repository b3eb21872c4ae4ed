package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A UNIQUE constraint or index that is judged when states merge: one whose terms and condition are
 * portable and whose collations are SQLite's own. Immutable.
 */
public final class UniqueRule {
  private final String name;
  private final List<Term> terms = new ArrayList<>();
  private final Condition condition;
  private final Set<String> columns = new TreeSet<>();
  private final String holderSql;

  private record Term(String column, Condition expression, KeyColumn comparison) {}

  private UniqueRule(UniqueIndex index, TableSchema table, TableText text)
      throws NotPortableException {
    this.name = index.name();
    List<String> equal = new ArrayList<>();
    for (UniqueIndex.Term term : index.terms()) {
      KeyColumn.Collation collation = collation(term.collation());
      KeyColumn comparison = new KeyColumn(name, collation, null);
      if (term.column() == null) {
        terms.add(new Term(null, parse(term.expression(), text), comparison));
        equal.add("(" + term.expression() + ") COLLATE " + collation.name() + " = ?");
      } else {
        terms.add(new Term(term.column(), null, comparison));
        columns.add(term.column());
        equal.add(Sql.name(term.column()) + " COLLATE " + collation.name() + " = ?");
      }
    }
    this.condition = index.where() == null ? null : parse(index.where(), text);
    this.holderSql =
        "SELECT "
            + Sql.names(table.keyColumns())
            + " FROM "
            + Sql.name(table.name())
            + " WHERE "
            + String.join(" AND ", equal)
            + (index.where() == null ? "" : " AND (" + index.where() + ")");
  }

  private Condition parse(String sql, TableText text) throws NotPortableException {
    List<SqlToken> tokens = SqlToken.of(sql);
    Condition.Parsed parsed = Condition.parse(tokens, text);
    if (parsed.condition() == null) {
      throw new NotPortableException(parsed.reason());
    }
    columns.addAll(TableRules.columns(tokens, text));
    return parsed.condition();
  }

  private static KeyColumn.Collation collation(String named) throws NotPortableException {
    for (KeyColumn.Collation collation : KeyColumn.Collation.values()) {
      if (collation.name().equalsIgnoreCase(named)) {
        return collation;
      }
    }
    throw new NotPortableException("collation " + named + " is not SQLite's own");
  }

  /** The rules of a table, by name; indexes that cannot be judged are SQLite's alone. */
  public static List<UniqueRule> of(TableSchema table) {
    List<UniqueRule> rules = new ArrayList<>();
    TableText text = table.uniqueIndexes().isEmpty() ? null : new TableText(table.sql());
    for (UniqueIndex index : table.uniqueIndexes()) {
      try {
        rules.add(new UniqueRule(index, table, text));
      } catch (NotPortableException notJudged) {
        continue;
      }
    }
    rules.sort((one, other) -> one.name.compareTo(other.name));
    return Collections.unmodifiableList(rules);
  }

  /** The name of the index. */
  public String name() {
    return name;
  }

  /** The columns that its terms and its condition mention. */
  public Set<String> columns() {
    return Collections.unmodifiableSet(columns);
  }

  /**
   * The values that a row may share with no other, null when it claims none: it does not meet the
   * condition, or a value is NULL or not decided.
   */
  public List<Value> tuple(Row row) {
    if (condition != null && condition.verdict(row) != Condition.Verdict.TRUE) {
      return null;
    }
    List<Value> tuple = new ArrayList<>(terms.size());
    for (Term term : terms) {
      Value value =
          term.column() != null
              ? row.value(term.column())
              : Optional.ofNullable(term.expression())
                  .flatMap(expression -> expression.value(row))
                  .orElse(null);
      if (value == null || value.equals(Value.NULL)) {
        return null;
      }
      tuple.add(value);
    }
    return tuple;
  }

  /** Bytes that are equal for tuples which SQLite holds equal. */
  public ByteBuffer canonical(List<Value> tuple) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < tuple.size(); i++) {
      byte[] one = terms.get(i).comparison().canonical(tuple.get(i));
      bytes.write(one.length >>> 24);
      bytes.write(one.length >>> 16);
      bytes.write(one.length >>> 8);
      bytes.write(one.length);
      bytes.write(one, 0, one.length);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  /** The query for the keys of rows that have a tuple, whose values are its parameters. */
  public String holderSql() {
    return holderSql;
  }
}
