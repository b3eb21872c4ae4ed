package dev.godwit.sync.schema;

import java.util.List;

/**
 * What of a space's schema a file lacks, as far as the file knows the space: to be shown to whoever
 * decides, and then accepted.
 *
 * <p>The statements come from other devices. They have been checked to be single CREATE statements
 * of known kinds that do not touch Godwit's or SQLite's own tables; what views and triggers will do
 * is for a person to judge. What is dropped is an index that the space has dropped. Immutable.
 *
 * @param statements what would be run, in this order
 * @param tables tables that would be tracked: those that the statements make, and those that are
 *     here already with the same columns and key
 * @param obstacles why it cannot be accepted as it is; usually empty
 */
public record SchemaProposal(
    List<SchemaStatement> statements, List<String> tables, List<String> obstacles) {
  public SchemaProposal {
    statements = List.copyOf(statements);
    tables = List.copyOf(tables);
    obstacles = List.copyOf(obstacles);
  }

  /** Whether the file lacks nothing. */
  public boolean isEmpty() {
    return statements.isEmpty() && tables.isEmpty() && obstacles.isEmpty();
  }

  /** Whether one of the statements holds SQL that runs later: a view or a trigger. */
  public boolean runsLater() {
    return statements.stream().anyMatch(SchemaStatement::runsLater);
  }
}
