package dev.godwit.relay.store.sqlite;

import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Digests of large envelopes that run along while their parts arrive, so that completing one need
 * not read it again.
 *
 * <p>Only a shortcut: one that is missing, or that ran ahead because a transaction was rolled back,
 * is computed from the stored parts. Used by the writer thread.
 */
final class RunningDigests {
  /** Uploads at once that have one; a digest takes some 200 bytes. */
  private static final int CAPACITY = 64;

  private final Map<Long, Running> running = new LinkedHashMap<>();

  /** The part was stored. */
  void add(long largeId, EnvelopePart part) {
    Running digest = part.index() == 0 ? new Running() : running.remove(largeId);
    if (digest == null || digest.parts != part.index()) {
      return;
    }
    digest.digest.update(part.bytes());
    digest.parts++;
    running.put(largeId, digest);
    if (running.size() > CAPACITY) {
      running.remove(running.keySet().iterator().next());
    }
  }

  void forget(long largeId) {
    running.remove(largeId);
  }

  /** The digest over so many parts; the caller may go on with it. */
  MessageDigest of(long largeId, int parts, Statements statements) throws SQLException {
    Running digest = running.remove(largeId);
    if (digest != null && digest.parts == parts) {
      return digest.digest;
    }
    MessageDigest computed = EnvelopeHash.digest();
    for (int index = 0; index < parts; index++) {
      try (ResultSet row =
          statements.query(
              "SELECT bytes FROM part WHERE large_id = ? AND part_index = ?", largeId, index)) {
        if (!row.next()) {
          throw new SQLException("no part " + index + " of large envelope " + largeId);
        }
        computed.update(row.getBytes(1));
      }
    }
    return computed;
  }

  private static final class Running {
    private final MessageDigest digest = EnvelopeHash.digest();
    private int parts;
  }
}
