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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A UNIQUE constraint or index that is judged when states merge: one whose terms and condition are
 * portable and whose collations are SQLite's own. Read from statements alone, so that it is the
 * same for everybody who has the statements. Immutable.
 */
public final class UniqueRule {
  private static final Set<String> ORDER = Set.of("ASC", "DESC");

  /** As many as SQLite lets an index have: a statement with more was never run. */
  private static final int TERMS_MAX = 2_000;

  private final String name;
  private final TableText text;
  private final List<Term> terms = new ArrayList<>();
  private final Condition condition;
  private final List<SqlToken> where;
  private final Set<String> columns = new TreeSet<>();

  /**
   * One term.
   *
   * @param column null for an expression
   * @param expression null for a column
   * @param tokens that say what it is, without its collation where it is a column
   * @param comparison how values of it are compared
   */
  private record Term(
      String column, Expression expression, List<SqlToken> tokens, KeyColumn comparison) {
    /** Null when it is not decided. */
    Value value(Row row) {
      if (column != null) {
        return row.value(column);
      }
      try {
        return expression.value(row);
      } catch (NotPortableException undecided) {
        return null;
      }
    }
  }

  /**
   * A rule.
   *
   * @param name of an index; null for a constraint, which is named by what it says
   * @param where the tokens of its condition, empty without one
   */
  UniqueRule(String name, TableText text, List<List<SqlToken>> written, List<SqlToken> where) {
    this.text = text;
    this.where = where;
    if (written.isEmpty() || written.size() > TERMS_MAX) {
      throw new NotPortableException("it has " + written.size() + " terms");
    }
    for (List<SqlToken> term : written) {
      terms.add(term(withoutOrder(term)));
    }
    this.condition = where.isEmpty() ? null : condition(where);
    this.name =
        name != null
            ? name
            : terms.stream()
                .map(term -> said(term.tokens()) + " " + term.comparison().collation())
                .collect(Collectors.joining(", ", "unique (", ")"));
  }

  private static List<SqlToken> withoutOrder(List<SqlToken> term) {
    boolean ordered = term.size() > 1 && ORDER.contains(term.get(term.size() - 1).keyword());
    return ordered ? term.subList(0, term.size() - 1) : term;
  }

  private Term term(List<SqlToken> written) {
    List<SqlToken> tokens = new ArrayList<>(written);
    boolean single = tokens.size() == 1 || tokens.size() > 1 && tokens.get(1).isWord("COLLATE");
    if (single && tokens.get(0).kind() == SqlToken.Kind.TEXT) {
      // Where a column belongs, SQLite takes a text in single quotes for its name.
      tokens.set(0, new SqlToken(SqlToken.Kind.QUOTED, tokens.get(0).text()));
    }
    Expression expression = ExpressionParser.parse(tokens, text);
    boolean collated = expression instanceof Expression.Collated;
    Expression bare = collated ? ((Expression.Collated) expression).operand() : expression;
    columns.addAll(TableRules.columns(tokens, text));
    if (bare instanceof Expression.Column column) {
      SqlToken said = new SqlToken(SqlToken.Kind.QUOTED, column.name());
      return new Term(column.name(), null, List.of(said), comparison(expression.collation()));
    }
    // Of an expression only what is written around the whole of it counts.
    KeyColumn.Collation collation = collated ? expression.collation() : KeyColumn.Collation.BINARY;
    return new Term(null, expression, tokens, comparison(collation));
  }

  private static KeyColumn comparison(KeyColumn.Collation collation) {
    return new KeyColumn("term", collation, null);
  }

  private Condition condition(List<SqlToken> tokens) {
    Condition.Parsed parsed = Condition.parse(tokens, text);
    if (parsed.condition() == null) {
      throw new NotPortableException(parsed.reason());
    }
    columns.addAll(TableRules.columns(tokens, text));
    return parsed.condition();
  }

  /** Tokens as one text: equal for the same names in any spelling and quotes. */
  private String said(List<SqlToken> tokens) {
    StringBuilder said = new StringBuilder();
    for (SqlToken token : tokens) {
      boolean column = token.isName() && text.column(token.text()) != null;
      String one =
          column
              ? new SqlToken(SqlToken.Kind.QUOTED, token.text()).sql().toLowerCase(Locale.ROOT)
              : token.kind() == SqlToken.Kind.WORD ? token.keyword() : token.sql();
      said.append(said.length() == 0 ? "" : " ").append(one);
    }
    return said.toString();
  }

  /**
   * What SQLite enforces by it: equal for rules that let the same rows stand beside each other,
   * whatever their names.
   */
  public String meaning() {
    List<String> all = new ArrayList<>();
    terms.forEach(term -> all.add(said(term.tokens()) + " " + term.comparison().collation()));
    all.add("where " + said(where));
    for (String column : columns) {
      Expression.Column one = text.column(column);
      all.add(column.toLowerCase(Locale.ROOT) + " " + one.affinity() + " " + one.collation());
    }
    return String.join(", ", all);
  }

  /** What the indexes of a file's own table mean, its primary key among them. */
  public static Set<String> meanings(TableSchema table) {
    TableText text = new TableText(table.sql());
    Set<String> meanings = new LinkedHashSet<>();
    List<List<SqlToken>> key = new ArrayList<>();
    for (int i = 0; i < table.keyColumns().size(); i++) {
      key.add(column(table.keyColumns().get(i), table.keyCollations().get(i)));
    }
    addMeaning(meanings, text, key, Collections.emptyList());
    for (UniqueIndex index : table.uniqueIndexes()) {
      List<List<SqlToken>> terms = new ArrayList<>();
      for (UniqueIndex.Term term : index.terms()) {
        terms.add(
            term.column() == null
                ? SqlToken.of(term.expression())
                : column(term.column(), term.collation()));
      }
      addMeaning(
          meanings,
          text,
          terms,
          index.where() == null ? Collections.emptyList() : SqlToken.of(index.where()));
    }
    return meanings;
  }

  private static List<SqlToken> column(String name, String collation) {
    return List.of(
        new SqlToken(SqlToken.Kind.QUOTED, name),
        new SqlToken(SqlToken.Kind.WORD, "COLLATE"),
        new SqlToken(SqlToken.Kind.WORD, collation));
  }

  private static void addMeaning(
      Set<String> meanings, TableText text, List<List<SqlToken>> terms, List<SqlToken> where) {
    try {
      meanings.add(new UniqueRule("", text, terms, where).meaning());
    } catch (NotPortableException notJudged) {
      // No rule can mean the same.
      return;
    }
  }

  /** The name of the index; of a constraint what it says. */
  public String name() {
    return name;
  }

  /** The number of its terms. */
  public int terms() {
    return terms.size();
  }

  /** The columns that its terms and its condition mention. */
  public Set<String> columns() {
    return Collections.unmodifiableSet(columns);
  }

  /** The columns that are terms themselves, in order: with NULL in one a row claims nothing. */
  public List<String> plainColumns() {
    return terms.stream().map(Term::column).filter(Objects::nonNull).collect(Collectors.toList());
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
      Value value = term.value(row);
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

  /**
   * The query for the keys of rows of a file's table that have a tuple, whose values are its
   * parameters. A column that the file lacks counts as NULL; null where a term is such a column, so
   * that no row is to be found so.
   */
  public String holderSql(TableSchema table) {
    String equal =
        terms.stream()
            .map(term -> compared(term, table) + " = ?")
            .collect(Collectors.joining(" AND "));
    return isColumnLacking(table)
        ? null
        : "SELECT " + Sql.names(table.keyColumns()) + from(table) + " WHERE " + equal + and(table);
  }

  /** The query for the tuples that several rows of a file's table have; null as above. */
  public String sharedSql(TableSchema table) {
    String all =
        terms.stream().map(term -> sql(term.tokens(), table)).collect(Collectors.joining(", "));
    String notNull =
        terms.stream()
            .map(term -> sql(term.tokens(), table) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String equal =
        terms.stream().map(term -> compared(term, table)).collect(Collectors.joining(", "));
    return isColumnLacking(table)
        ? null
        : "SELECT "
            + all
            + from(table)
            + " WHERE "
            + notNull
            + and(table)
            + " GROUP BY "
            + equal
            + " HAVING count(*) > 1";
  }

  /** What an index by which such rows are found is to be on; empty where none would help. */
  public String searchTerms(TableSchema table) {
    return isColumnLacking(table)
        ? ""
        : terms.stream()
            .filter(term -> !lacks(term.tokens(), table))
            .map(term -> compared(term, table))
            .collect(Collectors.joining(", "));
  }

  private static String from(TableSchema table) {
    return " FROM " + Sql.name(table.name());
  }

  private String and(TableSchema table) {
    return where.isEmpty() ? "" : " AND (" + sql(where, table) + ")";
  }

  private String compared(Term term, TableSchema table) {
    return sql(term.tokens(), table) + " COLLATE " + term.comparison().collation();
  }

  private boolean isColumnLacking(TableSchema table) {
    return terms.stream()
        .anyMatch(term -> term.column() != null && !table.columnNames().contains(term.column()));
  }

  private boolean lacks(List<SqlToken> tokens, TableSchema table) {
    return !table.columnNames().containsAll(TableRules.columns(tokens, text));
  }

  /** Tokens as SQL about a file's table, a column that it lacks as NULL. */
  private String sql(List<SqlToken> tokens, TableSchema table) {
    Set<String> lacking = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    lacking.addAll(TableRules.columns(tokens, text));
    lacking.removeAll(table.columnNames());
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      boolean qualifies = i + 1 < tokens.size() && tokens.get(i + 1).isSign(".");
      if (qualifies) {
        // The file may call its table otherwise.
        i++;
      } else {
        sql.add(token.isName() && lacking.contains(token.text()) ? "NULL" : token.sql());
      }
    }
    return sql.size() == 1 ? sql.get(0) : "(" + String.join(" ", sql) + ")";
  }
}
