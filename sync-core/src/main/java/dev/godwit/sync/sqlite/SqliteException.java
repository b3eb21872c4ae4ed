package dev.godwit.sync.sqlite;

/** SQLite refused or failed. {@link #reason} says what the caller can do about it. Unchecked. */
public final class SqliteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** By what one can do. */
  public enum Reason {
    /** Another connection holds the lock: try again. */
    BUSY,
    /** A constraint, or a trigger's RAISE, refused the row. */
    CONSTRAINT,
    /** The file or its folder cannot be written. */
    READ_ONLY,
    /** The file is not there or cannot be opened. */
    CANNOT_OPEN,
    /** The file is damaged. */
    CORRUPT,
    /** The file is not a SQLite database, or is encrypted. */
    NOT_A_DATABASE,
    /** No room left. */
    FULL,
    /** The statement was interrupted. */
    INTERRUPTED,
    /** Anything else: usually SQL that does not fit the schema. */
    OTHER
  }

  private final Reason reason;

  public SqliteException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
