package dev.godwit.sync.schema;

/**
 * One CREATE statement of a space's schema, checked to be nothing else.
 *
 * @param kind what it makes
 * @param name the name of what it makes
 * @param sql the statement, as its author's file holds it
 */
public record SchemaStatement(Kind kind, String name, String sql) {
  /** What a statement may make; no other is ever run. In the order in which they are run. */
  public enum Kind {
    TABLE,
    /** One of SQLite's own full-text and spatial modules. */
    VIRTUAL_TABLE,
    INDEX,
    VIEW,
    TRIGGER
  }

  /** Whether it holds SQL that runs later, when the file is read or written. */
  public boolean runsLater() {
    return kind == Kind.VIEW || kind == Kind.TRIGGER;
  }
}
