package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.GodwitTables;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One SQLite file that is a replica: its connections, and transactions on them.
 *
 * <p>Two connections, because SQLite switches foreign keys only between transactions: the
 * application's writes run with them on, Godwit's own with them off. Each is used by one thread at
 * a time; SQLite keeps the two, and other processes, apart. What was read of tables and columns is
 * read anew when anybody has changed them.
 */
public final class ReplicaFile implements AutoCloseable {
  /** Page cache of Godwit's own connection: the states of some 100,000 rows. */
  private static final int OWN_CACHE_KIB = 16 * 1024;

  private final SqliteSource source;
  private final Session own;
  private final Session application;
  private final ReentrantLock lock = new ReentrantLock();
  private Catalog catalog;
  private Catalog repairedFor;
  private boolean closed;

  private ReplicaFile(SqliteSource source, Session own, Session application) {
    this.source = source;
    this.own = own;
    this.application = application;
  }

  /** Opens the file, whether it is a replica already or not. */
  public static ReplicaFile open(SqliteSource source) {
    Session own = new Session(source.open());
    try {
      Session application = new Session(source.open());
      own.execute("PRAGMA foreign_keys = OFF");
      // What was offered to others must be on the disk, whatever the application risks for its
      // own.
      own.execute("PRAGMA synchronous = FULL");
      own.execute("PRAGMA cache_size = -" + OWN_CACHE_KIB);
      application.execute("PRAGMA foreign_keys = ON");
      return new ReplicaFile(source, own, application);
    } catch (SqliteException e) {
      own.close();
      throw e;
    }
  }

  public SqliteSource source() {
    return source;
  }

  /** Whether Godwit's tables are there. */
  public boolean isReplica() {
    return locked(() -> GodwitTables.exist(own));
  }

  /** Runs work of Godwit's own in one write transaction. */
  public <T> T write(Function<Workspace, T> work) {
    return locked(
        () -> {
          boolean done = false;
          try {
            T result = own.write(() -> work.apply(repaired()));
            done = true;
            return result;
          } finally {
            if (!done) {
              forget();
            }
          }
        });
  }

  /** Runs work of Godwit's own in one read transaction. */
  public <T> T read(Function<Workspace, T> work) {
    return locked(() -> own.read(() -> work.apply(new Workspace(own, this::catalog))));
  }

  /**
   * Runs long work in one read transaction on a connection of its own: other calls do not wait for
   * it. Temporary tables of that connection go to files, not to memory.
   */
  public <T> T readApart(Function<Workspace, T> work) {
    try (Session apart = new Session(source.open())) {
      apart.execute("PRAGMA temp_store = FILE");
      apart.execute("PRAGMA cache_size = -" + OWN_CACHE_KIB);
      apart.execute("PRAGMA temp.cache_size = -" + OWN_CACHE_KIB);
      return apart.read(() -> work.apply(new Workspace(apart, () -> new Catalog(apart))));
    }
  }

  /** Runs work on Godwit's own connection before the file is a replica. */
  public <T> T writeRaw(Function<Session, T> work) {
    return locked(
        () -> {
          try {
            return own.write(() -> work.apply(own));
          } finally {
            forget();
          }
        });
  }

  /** Runs the application's work in one write transaction on the application's connection. */
  public <T> T writeAsApplication(Function<Session, T> work) {
    return locked(() -> application.write(() -> work.apply(application)));
  }

  /** Makes the next transaction read tables and columns anew. */
  public void forget() {
    catalog = null;
    own.forgetStatements();
  }

  /** The workspace of a write, after a change of the schema when capture follows it. */
  private Workspace repaired() {
    Catalog current = catalog();
    Workspace workspace = new Workspace(own, () -> current);
    if (catalog != repairedFor && GodwitTables.exist(own)) {
      workspace = new SchemaRepair(workspace).run();
      catalog = workspace.catalog();
      repairedFor = catalog;
    }
    return workspace;
  }

  private Catalog catalog() {
    if (catalog == null || catalog.isOutdated()) {
      catalog = new Catalog(own);
    }
    return catalog;
  }

  private <T> T locked(Session.Work<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "expected an open replica but " + source.name() + " was closed");
      }
      return work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses a replica whose tables are of another version, and says who can read them. */
  public void requireFormat() {
    long version = read(workspace -> workspace.meta().integer(Meta.FORMAT_VERSION));
    if (version != GodwitTables.FORMAT_VERSION) {
      throw new IllegalStateException(
          "expected godwit tables of version "
              + GodwitTables.FORMAT_VERSION
              + " but "
              + source.name()
              + " has version "
              + version
              + ": use the version of godwit that wrote it, or a newer one");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        own.close();
        application.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
