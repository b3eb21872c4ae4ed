package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.MalformedEnvelopeException;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks that the log holds every envelope that the vector tells of, each whole and each behind its
 * predecessor: reads every byte once, one part in memory.
 */
final class LogCheck {
  private static final String ADVICE =
      "keep a copy of the file, then join the space with a new file: others still hold the log";

  private final Workspace workspace;
  private final Findings findings;
  private final Map<Long, Chain> chains = new TreeMap<>();
  private boolean sound = true;

  /** How far the log of one replica has been read. */
  private static final class Chain {
    private long sequence;
    private byte[] hash = new byte[EnvelopeHash.LENGTH_BYTES];
    private byte[] hashApplied = new byte[EnvelopeHash.LENGTH_BYTES];
    private Reading reading;
  }

  /** An envelope whose parts are being read. */
  private static final class Reading {
    private final long sequence;
    private final int parts;
    private final byte[] storedHash;
    private final MessageDigest digest = EnvelopeHash.digest();
    private EnvelopeHeader header;
    private int partsRead;
    private long bytesRead;

    private Reading(long sequence, int parts, byte[] storedHash) {
      this.sequence = sequence;
      this.parts = parts;
      this.storedHash = storedHash;
    }
  }

  LogCheck(Workspace workspace, Findings findings) {
    this.workspace = workspace;
    this.findings = findings;
  }

  /** Runs; returns whether the log can be replayed. */
  boolean run() {
    long total = 0;
    for (Replicas.Entry entry : workspace.replicas().all()) {
      chains.put(entry.number(), new Chain());
      total += entry.held();
    }
    long done = 0;
    try (SqliteStatement statement =
            workspace
                .session()
                .connection()
                .prepare(
                    "SELECT replica, sequence, part, parts, hash, bytes FROM godwit_log ORDER BY position");
        SqliteRows rows = statement.query()) {
      while (rows.next()) {
        findings.at(DoctorOptions.Step.LOG, done++, total);
        part(rows);
      }
    }
    for (Replicas.Entry entry : workspace.replicas().all()) {
      end(entry, chains.get(entry.number()));
    }
    return sound;
  }

  private void part(SqliteRows rows) {
    Chain chain = chains.get(rows.integer(0));
    if (chain == null) {
      damage("log", "expected envelopes of known replicas but got number " + rows.integer(0));
      return;
    }
    Replicas.Entry entry = workspace.replicas().of(rows.integer(0));
    if (rows.integer(2) == 0) {
      begin(entry, chain, rows);
    }
    Reading reading = chain.reading;
    if (reading == null
        || reading.sequence != rows.integer(1)
        || reading.partsRead != rows.integer(2)) {
      damage(
          where(entry, rows.integer(1)),
          "expected its parts one after another but got part " + rows.integer(2));
      chain.reading = null;
      return;
    }
    byte[] bytes = rows.bytes(5);
    reading.digest.update(bytes);
    reading.bytesRead += bytes.length;
    reading.partsRead++;
    if (reading.partsRead == reading.parts) {
      complete(entry, chain, reading);
    }
  }

  private void begin(Replicas.Entry entry, Chain chain, SqliteRows rows) {
    long sequence = rows.integer(1);
    if (chain.reading != null) {
      damage(
          where(entry, chain.reading.sequence), "expected all of its parts but some are missing");
    }
    if (sequence != chain.sequence + 1) {
      damage(
          where(entry, chain.sequence + 1),
          "expected it in the log but the next one there is " + sequence);
      chain.hash = null;
    }
    chain.reading = new Reading(sequence, (int) rows.integer(3), rows.bytes(4));
    try {
      EnvelopeHeader header = EnvelopeHeader.decode(rows.bytes(5));
      chain.reading.header = header;
      boolean own =
          header.dot().equals(new Dot(entry.id(), sequence))
              && header.space().equals(workspace.meta().space());
      if (!own) {
        damage(where(entry, sequence), "expected its own header but got that of " + header.dot());
      } else if (chain.hash != null && !Arrays.equals(chain.hash, header.predecessor().bytes())) {
        damage(
            where(entry, sequence - 1),
            "expected the bytes that "
                + sequence
                + " was made behind but they are others: it was changed, or replaced");
      }
    } catch (MalformedEnvelopeException e) {
      damage(where(entry, sequence), "expected an envelope but " + e.getMessage());
    }
  }

  private void complete(Replicas.Entry entry, Chain chain, Reading reading) {
    byte[] hash = reading.digest.digest();
    boolean lengthIsRight =
        reading.header == null || reading.header.envelopeLengthBytes() == reading.bytesRead;
    if (!lengthIsRight) {
      damage(
          where(entry, reading.sequence),
          "expected "
              + reading.header.envelopeLengthBytes()
              + " bytes but got "
              + reading.bytesRead);
    }
    if (reading.parts > 1 && !Arrays.equals(hash, reading.storedHash)) {
      damage(where(entry, reading.sequence), "expected the bytes that its hash is of but not so");
    }
    chain.sequence = reading.sequence;
    chain.hash = hash;
    chain.reading = null;
    if (reading.sequence == entry.sequence()) {
      chain.hashApplied = hash;
    }
  }

  private void end(Replicas.Entry entry, Chain chain) {
    if (chain.reading != null) {
      damage(
          where(entry, chain.reading.sequence), "expected all of its parts but some are missing");
    }
    if (chain.sequence != entry.held()) {
      damage(
          where(entry, Math.min(chain.sequence, entry.held()) + 1),
          "expected the log to end at " + entry.held() + " but it ends at " + chain.sequence);
    } else if (!Arrays.equals(chain.hash, entry.heldHash())) {
      damage(
          where(entry, entry.held()), "expected the bytes that were taken into the log but not so");
    }
    if (entry.sequence() > entry.held()) {
      vector(entry, "expected at most " + entry.held() + ", which the log holds,");
    } else if (!Arrays.equals(chain.hashApplied, entry.head())) {
      vector(entry, "expected the sequence of the last envelope applied");
    }
  }

  private void vector(Replicas.Entry entry, String expected) {
    sound = false;
    findings.damage(
        Finding.Check.VECTOR,
        "vector entry of " + entry.name(),
        expected + " but got " + entry.sequence(),
        ADVICE);
  }

  private void damage(String where, String problem) {
    sound = false;
    findings.damage(Finding.Check.LOG, where, problem, ADVICE);
  }

  private static String where(Replicas.Entry entry, long sequence) {
    return "transaction " + entry.id().shortText() + ":" + sequence + " of " + entry.name();
  }
}
