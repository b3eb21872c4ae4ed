package dev.godwit.sync.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.change.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of a transaction's body are fixed, and hold everything that a change holds. */
class TransactionBodyTest {
  private static final String GOLDEN =
      "9f019ff483500a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a06f683500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0448"
          + "0102030405060708ff03666c6170746f701b018bcfe5680000029f9f83666576656e7473818362696400f682"
          + "657469746c6564726f6f6d00008101826744656e74697374f680bf646c6966650066636c61696d738182500b"
          + "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b01ffff9f00011b00174876e80000028122828141fffb3ff80000000000"
          + "008282005000000000000000000000000000000000fb4000000000000000bf646c69666550798310dc5d4679"
          + "e8f37f1f58eca38c9d66756e7365656e8282500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0282500a0a0a0a0a0a"
          + "0a0a0a0a0a0a0a0a0a0a01ffff9f836573656174738283656576656e740082666576656e74730083646e616d"
          + "6501f681646e6f74650000820163416e6e8142000180bf6472656673bf0050798310dc5d4679e8f37f1f58ec"
          + "a38c9d02f6ffffff9f836573656174738283656576656e740082666576656e74730083646e616d6501f68001"
          + "008201634265618080bf6466726f6d820163416e6e6472656673bf0050798310dc5d4679e8f37f1f58eca38c"
          + "9d02f6ffffff9f83666576656e7473818362696400f6800200810180ff9f00041b018bcfe568000002810182"
          + "3b7ffffffffffffffffb800000000000000080bf6562617365648182500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
          + "0b04677769746e657373bf64726f6f6d64626c7565ff656d65726765bf014109ff67736574746c6564bf6082"
          + "82500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0182500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b02646e6f746582"
          + "82500b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0282500a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a01ffffffffff";

  @Test
  void bytesAreThoseOfTheFirstVersion() throws IOException {
    String bytes = Value.of(Bodies.write(Bodies.changes(), Bodies.BEFORE)).toString();
    assertEquals("x'" + GOLDEN + "'", bytes);
  }

  @Test
  void whatWasWrittenIsReadAndWrittenAgainAlike() throws IOException {
    byte[] body = Bodies.write(Bodies.changes(), Bodies.BEFORE);
    List<RowChange> read = Bodies.read(body);
    assertEquals(Bodies.changes().size(), read.size());
    assertArrayEquals(body, Bodies.write(read, Bodies.BEFORE));
    for (int i = 0; i < read.size(); i++) {
      RowChange expected = Bodies.changes().get(i);
      assertEquals(expected.shape(), read.get(i).shape());
      assertEquals(expected.kind(), read.get(i).kind());
      assertEquals(expected.life(), read.get(i).life());
      assertEquals(expected.key(), read.get(i).key());
      assertEquals(expected.time(), read.get(i).time());
      assertEquals(expected.values(), read.get(i).values());
    }
  }

  @Test
  void whereMovedRowsWereTravels() throws IOException {
    RowChange inserted = Bodies.changes().get(1);
    LifeId before = inserted.life();
    RowChange moved =
        new RowChange(
            inserted.shape(),
            inserted.kind(),
            inserted.life(),
            inserted.key(),
            inserted.time(),
            inserted.values(),
            inserted.before(),
            inserted.extras().withOrigins(Map.of(1, before)));
    List<RowChange> read = Bodies.read(Bodies.write(List.of(moved), Bodies.BEFORE));
    assertEquals(Map.of(1, before), read.get(0).extras().origins());
  }

  @Test
  void dependenciesAreReadWholeOrFromThePredecessors() throws IOException {
    for (byte[] body :
        new byte[][] {Bodies.write(List.of(), null), Bodies.write(List.of(), Bodies.BEFORE)}) {
      try (TransactionBodyReader reader =
          new TransactionBodyReader(new ByteArrayInputStream(body), Bodies.DOT, Bodies.BEFORE)) {
        TransactionHeader header = reader.header();
        assertEquals(Bodies.HEADER.dependencies(), header.dependencies());
        assertEquals("laptop", header.deviceName());
        assertEquals(Bodies.HEADER.time(), header.time());
        assertArrayEquals(
            Bodies.HEADER.dependencyHashes().get(Bodies.OTHER),
            header.dependencyHashes().get(Bodies.OTHER));
      }
    }
  }

  @Test
  void aRefusalNamesTheTransactionAndThePlace() throws IOException {
    byte[] body = Bodies.write(Bodies.changes(), Bodies.BEFORE);
    byte[] cut = java.util.Arrays.copyOf(body, body.length - 40);
    MalformedBodyException refused =
        assertThrows(MalformedBodyException.class, () -> Bodies.read(cut));
    assertEquals(Bodies.DOT, refused.dot());
    assertTrue(refused.getMessage().contains("change 5"), refused.getMessage());
  }
}
