package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.seal.Packer;

/**
 * What one write transaction works with: everything read afresh, so that other processes may write
 * in between.
 */
public final class Workspace {
  private final Session session;
  private final Meta meta;
  private final Catalog catalog;
  private Replicas replicas;
  private EnvelopeTable log;

  Workspace(Session session, Catalog catalog) {
    this.session = session;
    this.meta = new Meta(session);
    this.catalog = catalog;
    this.replicas = new Replicas(session);
    this.log = new EnvelopeTable(session, replicas);
  }

  /** The same transaction with tables and columns read anew. */
  Workspace afresh() {
    return new Workspace(session, new Catalog(session));
  }

  public Session session() {
    return session;
  }

  public Meta meta() {
    return meta;
  }

  public Catalog catalog() {
    return catalog;
  }

  public Replicas replicas() {
    return replicas;
  }

  public EnvelopeTable log() {
    return log;
  }

  public Boundaries boundaries() {
    return new Boundaries(session);
  }

  public LocalMerge merge() {
    return new LocalMerge(session, catalog, replicas);
  }

  /** Seals and packs everything written here so far. */
  public long pack() {
    if (boundaries().lastNote() == 0) {
      return 0;
    }
    return new Packer(session, catalog, meta, replicas, log, merge()).pack();
  }
}
