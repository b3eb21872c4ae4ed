package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/**
 * All transactions that were ever sealed in one simulated space, read from the envelopes in the
 * files. Two contents of one dot are noticed.
 */
public final class History {
  /** The parts of all envelopes of transactions that a file has applied. */
  public static final String APPLIED =
      "SELECT r.id, l.sequence, l.part, l.parts, l.bytes FROM godwit_log l"
          + " JOIN godwit_replica r ON r.number = l.replica WHERE l.sequence <= r.sequence"
          + " ORDER BY r.id, l.sequence, l.part";

  private final Map<Dot, Transaction> transactions = new LinkedHashMap<>();
  private final Map<Dot, EnvelopeHash> hashes = new HashMap<>();

  /**
   * The transactions that a file has applied, in no particular order.
   *
   * @param rows those of {@link #APPLIED}
   * @param checked the dots whose envelopes in this file have been compared with those of other
   *     files; those that are compared now are added
   */
  public List<Transaction> applied(ResultSet rows, Set<Dot> checked)
      throws SQLException, IOException {
    List<Transaction> applied = new ArrayList<>();
    ByteArrayOutputStream envelope = new ByteArrayOutputStream();
    while (rows.next()) {
      Dot dot = new Dot(ReplicaId.of(rows.getBytes(1)), rows.getLong(2));
      boolean isLast = rows.getInt(3) == rows.getInt(4) - 1;
      if (!checked.contains(dot)) {
        envelope.write(rows.getBytes(5));
      }
      if (isLast && checked.add(dot)) {
        applied.add(transaction(dot, envelope.toByteArray()));
        envelope.reset();
      } else if (isLast) {
        applied.add(transactions.get(dot));
      }
    }
    return applied;
  }

  private Transaction transaction(Dot dot, byte[] envelope) throws IOException {
    EnvelopeHash hash = EnvelopeHash.ofEnvelope(envelope);
    EnvelopeHash known = hashes.putIfAbsent(dot, hash);
    if (known == null) {
      transactions.put(dot, read(dot, envelope));
    } else if (!known.equals(hash)) {
      throw new AssertionError("two envelopes of " + dot + ": " + known + " and " + hash);
    }
    return transactions.get(dot);
  }

  private Transaction read(Dot dot, byte[] envelope) throws IOException {
    Transaction before = transactions.get(new Dot(dot.replica(), Math.max(1, dot.sequence() - 1)));
    VersionVector dependencies = before == null ? VersionVector.empty() : before.dependencies();
    List<RowChange> changes = new ArrayList<>();
    try (TransactionBodyReader reader =
        new TransactionBodyReader(body(envelope), dot, dependencies)) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        changes.add(change);
      }
      return new Transaction(
          dot, reader.header().dependencies(), changes, reader.header().deviceName());
    }
  }

  /** The decompressed body of an envelope: its first byte tells stored (0) from deflated (1). */
  public static InputStream body(byte[] envelope) {
    int start = EnvelopeHeader.decode(envelope).lengthBytes();
    InputStream rest = new ByteArrayInputStream(envelope, start + 1, envelope.length - start - 1);
    return envelope[start] == 0
        ? rest
        : new InflaterInputStream(rest, new java.util.zip.Inflater(true));
  }
}
