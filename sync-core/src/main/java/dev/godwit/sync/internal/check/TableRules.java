package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a table asks of each of its rows alone: its CHECK constraints, and NOT NULL. Read from the
 * text of its CREATE TABLE statement. Immutable.
 */
public final class TableRules {
  /** A table that asks nothing. */
  public static final TableRules NONE = new TableRules("");

  /** More checks than tables people write have; the others are SQLite's alone. */
  private static final int CHECKS_MAX = 200;

  private final List<Check> checks = new ArrayList<>();
  private final TableText text;

  /**
   * One CHECK constraint.
   *
   * @param columns the ordinary columns that it mentions, as declared, in order of mention
   * @param condition what it asks, null when that is not portable: SQLite alone judges it then
   * @param reason why it is not portable, null when it is
   */
  public record Check(Set<String> columns, Condition condition, String reason) {}

  /** Reads a CREATE TABLE statement. */
  public TableRules(String createTable) {
    text = new TableText(createTable);
    for (List<SqlToken> tokens : text.checks()) {
      if (checks.size() < CHECKS_MAX) {
        Condition.Parsed parsed = Condition.parse(tokens, text);
        checks.add(new Check(columns(tokens, text), parsed.condition(), parsed.reason()));
      }
    }
  }

  /** The ordinary columns that an expression mentions. */
  static Set<String> columns(List<SqlToken> tokens, TableText text) {
    Set<String> columns = new LinkedHashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      boolean call = i + 1 < tokens.size() && tokens.get(i + 1).isSign("(");
      Expression.Column column =
          token.isName() && !(call && token.kind() == SqlToken.Kind.WORD)
              ? text.column(token.text())
              : null;
      if (column != null) {
        columns.add(column.name());
      }
    }
    return Collections.unmodifiableSet(columns);
  }

  /** All CHECK constraints, those that are not portable among them. */
  public List<Check> checks() {
    return Collections.unmodifiableList(checks);
  }

  /** Names of the ordinary columns declared NOT NULL. */
  public List<String> notNull() {
    return Collections.unmodifiableList(text.notNull());
  }

  /** Whether there is anything to be judged. */
  public boolean isEmpty() {
    return text.notNull().isEmpty() && checks.stream().allMatch(one -> one.condition() == null);
  }

  /** The columns of each rule that a row breaks. */
  public List<Set<String>> broken(Row row) {
    List<Set<String>> broken = new ArrayList<>();
    for (String column : text.notNull()) {
      if (Value.NULL.equals(row.value(column))) {
        broken.add(Set.of(column));
      }
    }
    for (Check check : checks) {
      if (check.condition() != null && check.condition().verdict(row) == Condition.Verdict.FALSE) {
        broken.add(check.columns());
      }
    }
    return broken;
  }

  /**
   * Whether a row is known to keep every rule that mentions one of these columns: what is not
   * decided here is not known.
   */
  public boolean holds(Set<String> columns, Row row) {
    for (String column : text.notNull()) {
      if (columns.contains(column) && Value.NULL.equals(row.value(column))) {
        return false;
      }
    }
    for (Check check : checks) {
      if (!Collections.disjoint(check.columns(), columns) && !isKept(check.condition(), row)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKept(Condition condition, Row row) {
    Condition.Verdict verdict = condition == null ? null : condition.verdict(row);
    return verdict == Condition.Verdict.TRUE || verdict == Condition.Verdict.NULL;
  }
}
