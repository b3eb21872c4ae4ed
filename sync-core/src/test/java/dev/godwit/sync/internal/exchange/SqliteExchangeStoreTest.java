package dev.godwit.sync.internal.exchange;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.Replica;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.ExchangeStoreContract;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.wire.TransactionBodyWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A replica's file as an exchange sees it. */
class SqliteExchangeStoreTest extends ExchangeStoreContract {
  private static final byte STORED = 0;

  @TempDir Path folder;
  private final Map<ExchangeStore, Replica> replicas = new HashMap<>();
  private final List<Replica> opened = new ArrayList<>();
  private final Random random = new Random(7);
  private Path path;
  private int writes;

  @AfterEach
  void close() {
    opened.forEach(Replica::close);
  }

  @Override
  protected ExchangeStore store() {
    path = folder.resolve("replica" + opened.size() + ".db");
    try {
      Files.createFile(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open();
  }

  private ExchangeStore open() {
    Replica replica =
        Replica.builder(JdbcSqlite.at(path.toString())).space(space()).random(random).open();
    opened.add(replica);
    ExchangeStore store = replica.exchangeStore();
    replicas.put(store, replica);
    return store;
  }

  @Override
  protected void writeOne(ExchangeStore store) {
    Replica replica = replicas.get(store);
    replica.write(
        transaction ->
            transaction.execute(
                "INSERT INTO godwit_space_column (table_name, column_name) VALUES ('t', ?)",
                "c" + writes++));
    replica.seal();
  }

  @Override
  protected ExchangeStore reopened(ExchangeStore store) {
    // The old one is left as it is, like a process that hangs.
    return open();
  }

  /** One row of a table that the replica does not know, in a body that is not compressed. */
  @Override
  protected byte[] body(Dot dot, int lengthBytes) {
    byte[] value = new byte[lengthBytes];
    new Random(dot.sequence() * 31 + lengthBytes).nextBytes(value);
    VersionVector before = VersionVector.empty().with(dot.replica(), dot.sequence() - 1);
    HybridTimestamp time = HybridTimestamp.of(dot.sequence(), 0);
    TransactionHeader header = new TransactionHeader(dot, before, Map.of(), 0, null, time);
    RowShape shape =
        new RowShape(
            "elsewhere",
            List.of(new KeyColumn("k", KeyColumn.Collation.BINARY, null)),
            List.of("v"));
    RowKey key = RowKey.of(Value.of(dot.sequence()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(STORED);
    try (TransactionBodyWriter writer = new TransactionBodyWriter(bytes, header, null)) {
      writer.write(
          new RowChange(
              shape,
              RowChange.Kind.INSERT,
              shape.birthLife(key, RowExtras.NONE),
              key,
              time,
              List.of(Value.of(value)),
              List.of(),
              RowExtras.NONE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
