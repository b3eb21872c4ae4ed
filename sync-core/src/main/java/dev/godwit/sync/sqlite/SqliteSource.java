package dev.godwit.sync.sqlite;

/**
 * Where one SQLite file is and how to open it: the seam between Godwit and an engine (JDBC here,
 * Android's own elsewhere).
 *
 * <p>Thread safe. Every connection that it opens has a busy timeout of at least ten seconds, {@code
 * temp_store=MEMORY} (statement journals of trigger inserts otherwise spill to files), and the
 * engine's own settings otherwise: the journal mode is the file's, foreign keys are switched by the
 * caller.
 */
public interface SqliteSource {
  /**
   * Opens a connection to the existing file.
   *
   * @throws SqliteException when it is missing, not readable, not SQLite, or corrupt
   */
  SqliteConnection open();

  /** The file as a person names it, for messages. */
  String name();

  /**
   * The absolute path of the file, or null when it has none that outlives the process (a database
   * in memory).
   */
  String path();
}
