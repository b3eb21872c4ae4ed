package dev.godwit.sync.schema;

/**
 * One CREATE statement of a space's schema, checked to be nothing else; or the DROP of an index
 * that the space no longer has, or has otherwise.
 *
 * @param kind what it makes
 * @param name the name of what it makes
 * @param sql the statement, as its author's file holds it
 */
public record SchemaStatement(Kind kind, String name, String sql) {
  /** What a statement may do; no other is ever run. In the order in which they are run. */
  public enum Kind {
    TABLE,
    /** One of SQLite's own full-text and spatial modules. */
    VIRTUAL_TABLE,
    /** Of an index that this file and the space had. */
    DROP_INDEX,
    INDEX,
    VIEW,
    TRIGGER
  }

  /** Whether it holds SQL that runs later, when the file is read or written. */
  public boolean runsLater() {
    return kind == Kind.VIEW || kind == Kind.TRIGGER;
  }
}
