package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.SpaceRules;
import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.seal.Packer;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What one transaction works with: everything read afresh, when it is first asked for, so that
 * other processes may write in between.
 */
public final class Workspace {
  private final Session session;
  private final Meta meta;
  private final Supplier<Catalog> known;
  private Catalog catalog;
  private Replicas replicas;
  private EnvelopeTable log;

  /**
   * Begins with nothing read.
   *
   * @param known gives the tables and columns as they are in this transaction
   */
  Workspace(Session session, Supplier<Catalog> known) {
    this.session = session;
    this.meta = new Meta(session);
    this.known = known;
  }

  /** The same transaction with tables and columns read anew. */
  Workspace afresh() {
    Catalog now = new Catalog(session);
    return new Workspace(session, () -> now);
  }

  /** Reads tables and columns anew. */
  void refresh() {
    catalog = new Catalog(session);
  }

  public Session session() {
    return session;
  }

  public Meta meta() {
    return meta;
  }

  public Catalog catalog() {
    if (catalog == null) {
      catalog = known.get();
    }
    return catalog;
  }

  public Replicas replicas() {
    if (replicas == null) {
      replicas = new Replicas(session);
    }
    return replicas;
  }

  public EnvelopeTable log() {
    if (log == null) {
      log = new EnvelopeTable(session, replicas());
    }
    return log;
  }

  public Boundaries boundaries() {
    return new Boundaries(session);
  }

  public LocalMerge merge() {
    return new LocalMerge(session, catalog(), replicas(), view());
  }

  /** The policies of the space, as its table says now. */
  public Policies policies() {
    List<Policies.Declaration> declarations = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT table_name, column_name, policy FROM godwit_space_column"
                    + " WHERE policy IS NOT NULL ORDER BY table_name, column_name")
            .query()) {
      while (rows.next()) {
        declarations.add(new Policies.Declaration(rows.text(0), rows.text(1), rows.text(2)));
      }
    }
    return declarations.isEmpty() ? Policies.NONE : new Policies(declarations);
  }

  /** What the space's tables ask of their rows, as its own table describes them now. */
  Rules rules() {
    return SpaceRules.read(session);
  }

  /** How states are to be seen under these policies. */
  public View view() {
    return new View(policies(), this::deviceName, this::rules);
  }

  /** The name that a replica has announced; this one's own before it has sealed anything. */
  String deviceName(ReplicaId id) {
    Replicas.Entry entry = replicas().of(id);
    boolean unannounced = entry.announcedName() == null && id.equals(meta.replica());
    return unannounced ? meta.deviceName() : entry.name();
  }

  /** Seals and packs everything written here so far. */
  public long pack() {
    if (!hasNotes()) {
      return 0;
    }
    long packed = packNotes();
    new Reshowing(this).run();
    return packed;
  }

  /**
   * As {@link #pack}, without looking whether rows have to look different: while tables do not show
   * what their states say. To be followed by {@link Reshowing#run()}.
   */
  long packAsShown() {
    return hasNotes() ? packNotes() : 0;
  }

  /** Whether anything written here waits to be packed: then states know less than the tables. */
  boolean hasNotes() {
    return boundaries().lastNote() != 0;
  }

  private long packNotes() {
    return new Packer(session, catalog(), meta, replicas(), log(), merge()).pack();
  }
}
