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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * All transactions that were ever sealed in one simulated space, read from the envelopes in the
 * files. Two contents of one dot are noticed.
 */
public final class History {
  private final Map<Dot, Transaction> transactions = new LinkedHashMap<>();
  private final Map<Dot, EnvelopeHash> hashes = new HashMap<>();

  /** The transactions that this file has applied, in no particular order. */
  public List<Transaction> applied(Connection file) throws SQLException, IOException {
    List<Transaction> applied = new ArrayList<>();
    ByteArrayOutputStream envelope = new ByteArrayOutputStream();
    try (Statement statement = file.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT r.id, l.sequence, l.part, l.parts, l.bytes FROM godwit_log l"
                    + " JOIN godwit_replica r ON r.number = l.replica WHERE l.sequence <= r.sequence"
                    + " ORDER BY r.id, l.sequence, l.part")) {
      while (rows.next()) {
        envelope.write(rows.getBytes(5));
        if (rows.getInt(3) == rows.getInt(4) - 1) {
          Dot dot = new Dot(ReplicaId.of(rows.getBytes(1)), rows.getLong(2));
          applied.add(transaction(dot, envelope.toByteArray()));
          envelope.reset();
        }
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
      return new Transaction(dot, reader.header().dependencies(), changes);
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
