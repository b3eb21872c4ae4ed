package dev.godwit.sync.internal.exchange;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayDeque;
import java.util.Deque;

/** Reads from the log what another side lacks, some parts a transaction. */
final class LogCursor implements PartCursor {
  /** Parts read at once stay below this together, unless one part alone is larger. */
  private static final long READ_AHEAD_BYTES = 1 << 20;

  /** Small envelopes read at once: enough to make a transaction worth while. */
  private static final int READ_AHEAD_PARTS = 256;

  private final ReplicaFile file;
  private final EnvelopeLog.Lacking lacking;
  private final Deque<EnvelopePart> ready = new ArrayDeque<>();
  private long position = -1;
  private EnvelopeHash largeHash;

  LogCursor(ReplicaFile file, EnvelopeLog.Lacking lacking) {
    this.file = file;
    this.lacking = lacking;
  }

  @Override
  public EnvelopePart next() {
    if (ready.isEmpty() && position != Long.MAX_VALUE) {
      file.read(
          workspace -> {
            read(workspace);
            return null;
          });
    }
    return ready.poll();
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public void close() {
    ready.clear();
  }

  private void read(Workspace workspace) {
    if (position < 0) {
      position = start(workspace);
    }
    long bytes = 0;
    ReplicaId self = workspace.meta().replica();
    long offered = workspace.meta().offered();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT position, replica, sequence, part, parts, hash, bytes FROM godwit_log WHERE position > ?"
                    + " ORDER BY position")
            .bind(1, position)
            .query()) {
      while (bytes < READ_AHEAD_BYTES && ready.size() < READ_AHEAD_PARTS) {
        if (!rows.next()) {
          position = Long.MAX_VALUE;
          return;
        }
        position = rows.integer(0);
        Dot dot = new Dot(workspace.replicas().of(rows.integer(1)).id(), rows.integer(2));
        boolean mayLeave = !dot.replica().equals(self) || dot.sequence() <= offered;
        if (mayLeave && !lacking.known().covers(dot) && lacking.through().covers(dot)) {
          bytes += add(dot, rows);
        }
      }
    }
  }

  private long add(Dot dot, SqliteRows rows) {
    int part = (int) rows.integer(3);
    int parts = (int) rows.integer(4);
    byte[] content = rows.bytes(6);
    if (parts == 1) {
      ready.add(EnvelopePart.whole(dot, content));
      return content.length;
    }
    largeHash = part == 0 ? EnvelopeHash.of(rows.bytes(5)) : largeHash;
    if (part < lacking.firstPart(dot, largeHash)) {
      return 0;
    }
    ready.add(EnvelopePart.of(dot, part, parts, largeHash, content));
    return content.length;
  }

  /** The position before the first envelope that may be lacking. */
  private long start(Workspace workspace) {
    long least = Long.MAX_VALUE;
    for (Replicas.Entry entry : workspace.replicas().all()) {
      long known = lacking.known().sequence(entry.id());
      if (entry.held() > known) {
        try (SqliteRows rows =
            workspace
                .session()
                .statement(
                    "SELECT position FROM godwit_log WHERE replica = ? AND sequence = ? AND part = 0")
                .bind(1, entry.number())
                .bind(2, known + 1)
                .query()) {
          least = rows.next() ? Math.min(least, rows.integer(0) - 1) : least;
        }
      }
    }
    return least;
  }
}
