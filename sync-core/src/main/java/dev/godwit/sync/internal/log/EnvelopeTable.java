package dev.godwit.sync.internal.log;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The log: every envelope held, in the order in which it came, which is a causal order. Table
 * {@code godwit_log}.
 *
 * <p>Envelopes are kept in the parts in which they travel; the whole hash stands with part 0 where
 * there are several.
 */
public final class EnvelopeTable {
  /** First byte of a body: how the rest is compressed. */
  public static final int STORED = 0;

  /** Raw DEFLATE (RFC 1951). */
  public static final int DEFLATED = 1;

  private final Session session;
  private final Replicas replicas;

  public EnvelopeTable(Session session, Replicas replicas) {
    this.session = session;
    this.replicas = replicas;
  }

  /** Appends one part; parts of an envelope are appended one after another. */
  public void append(EnvelopePart part) {
    append(
        part.dot(),
        part.index(),
        part.count(),
        part.index() == 0 && part.count() > 1 ? part.hash() : null,
        part.bytes());
  }

  /** Appends one part whose envelope's hash is told later, by {@link #hash}. */
  public void append(Dot dot, int index, int count, EnvelopeHash hash, byte[] bytes) {
    SqliteStatement insert =
        session.statement(
            "INSERT INTO godwit_log (replica, sequence, part, parts, hash, bytes) VALUES (?, ?, ?, ?, ?, ?)");
    insert
        .bind(1, replicas.of(dot.replica()).number())
        .bind(2, dot.sequence())
        .bind(3, index)
        .bind(4, count)
        .bind(6, bytes);
    if (hash == null) {
      insert.bindNull(5);
    } else {
      insert.bind(5, hash.bytes());
    }
    insert.update();
  }

  /** Sets the hash of an envelope of several parts. */
  public void hash(Dot dot, EnvelopeHash hash) {
    session
        .statement("UPDATE godwit_log SET hash = ? WHERE replica = ? AND sequence = ? AND part = 0")
        .bind(1, hash.bytes())
        .bind(2, replicas.of(dot.replica()).number())
        .bind(3, dot.sequence())
        .update();
  }

  /** The hash of an envelope held, or null. */
  public EnvelopeHash hash(Dot dot) {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT hash, parts, bytes FROM godwit_log WHERE replica = ? AND sequence = ? AND part = 0")
            .bind(1, replicas.of(dot.replica()).number())
            .bind(2, dot.sequence())
            .query()) {
      if (!rows.next()) {
        return null;
      }
      return rows.integer(1) == 1
          ? EnvelopeHash.ofEnvelope(rows.bytes(2))
          : EnvelopeHash.of(rows.bytes(0));
    }
  }

  /** Removes the envelopes of a replica behind this sequence. */
  public void removeAfter(ReplicaId replica, long lastKept) {
    session
        .statement("DELETE FROM godwit_log WHERE replica = ? AND sequence > ?")
        .bind(1, replicas.of(replica).number())
        .bind(2, lastKept)
        .update();
  }

  /**
   * The body of an envelope held, decompressed, read part by part.
   *
   * @throws IOException when the envelope is not held
   */
  public InputStream body(Dot dot) throws IOException {
    Parts parts = new Parts(dot);
    int method = parts.read();
    if (method == STORED) {
      return parts;
    }
    if (method == DEFLATED) {
      return new Inflated(parts);
    }
    throw new IOException(
        "expected a body that is stored (0) or deflated (1) but got " + method + " in " + dot);
  }

  /** Inflates and gives the memory of the inflater back. */
  private static final class Inflated extends InflaterInputStream {
    private static final int BUFFER_SIZE_BYTES = 16 * 1024;

    Inflated(InputStream in) {
      super(in, new Inflater(true), BUFFER_SIZE_BYTES);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  /** The bytes of a body behind the header, one part in memory. */
  private final class Parts extends InputStream {
    private final Dot dot;
    private byte[] part;
    private int at;
    private int next;
    private int count = 1;

    Parts(Dot dot) throws IOException {
      this.dot = dot;
      if (!load()) {
        throw new IOException("expected transaction " + dot + " in the log but it is not there");
      }
      at = EnvelopeHeader.decode(part).lengthBytes();
    }

    private boolean load() {
      if (next >= count) {
        return false;
      }
      try (SqliteRows rows =
          session
              .statement(
                  "SELECT parts, bytes FROM godwit_log WHERE replica = ? AND sequence = ? AND part = ?")
              .bind(1, replicas.of(dot.replica()).number())
              .bind(2, dot.sequence())
              .bind(3, next)
              .query()) {
        if (!rows.next()) {
          return false;
        }
        count = (int) rows.integer(0);
        part = rows.bytes(1);
        at = 0;
        next++;
        return true;
      }
    }

    @Override
    public int read() {
      while (at == part.length) {
        if (!load()) {
          return -1;
        }
      }
      return part[at++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      while (at == part.length) {
        if (!load()) {
          return -1;
        }
      }
      int copied = Math.min(length, part.length - at);
      System.arraycopy(part, at, target, offset, copied);
      at += copied;
      return copied;
    }
  }
}
