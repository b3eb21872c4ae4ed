package dev.godwit.sync.wire;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.change.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A body with everything that one can hold, and how to read and write it. */
final class Bodies {
  static final ReplicaId AUTHOR = ReplicaId.parse("0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
  static final ReplicaId OTHER = ReplicaId.parse("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  static final Dot DOT = new Dot(AUTHOR, 7);
  static final VersionVector BEFORE = VersionVector.empty().with(AUTHOR, 5).with(OTHER, 3);
  private static final HybridTimestamp TIME = HybridTimestamp.of(1_700_000_000_000L, 2);
  private static final LifeId LIFE = LifeId.surrogate(new Dot(OTHER, 2), 1);

  static final TransactionHeader HEADER =
      new TransactionHeader(
          DOT,
          BEFORE.with(AUTHOR, 6).with(OTHER, 4),
          Map.of(OTHER, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
          3,
          "laptop",
          TIME);

  private static final RowShape NUMBERED =
      new RowShape(
          "events",
          List.of(new KeyColumn("id", KeyColumn.Collation.BINARY, null)),
          List.of("title", "room"));
  private static final RowShape REFERRING =
      new RowShape(
          "seats",
          List.of(
              new KeyColumn(
                  "event",
                  KeyColumn.Collation.BINARY,
                  new KeyColumn.Parent("events", KeyColumn.Collation.BINARY)),
              new KeyColumn("name", KeyColumn.Collation.NOCASE, null)),
          List.of("note"));
  private static final RowShape GONE = new RowShape("events", NUMBERED.keyColumns(), List.of());

  private Bodies() {}

  static List<RowChange> changes() {
    RowKey one = RowKey.of(Value.of(1));
    RowKey seat = RowKey.of(Value.of(1), Value.of("Ann"));
    RowExtras toLife = RowExtras.NONE.withReferences(Map.of(0, LIFE), Set.of(2));
    return List.of(
        new RowChange(
            NUMBERED,
            RowChange.Kind.INSERT,
            LifeId.surrogate(DOT, 0),
            one,
            TIME,
            List.of(Value.of("Dentist"), Value.NULL),
            List.of(),
            RowExtras.NONE.withBirthNumber(0).withClaims(List.of(new Dot(OTHER, 1)))),
        new RowChange(
            NUMBERED,
            RowChange.Kind.UPDATE,
            LIFE,
            RowKey.of(Value.of(-3)),
            HybridTimestamp.of(1_600_000_000_000L, 0),
            List.of(new Value.MalformedText(new byte[] {(byte) 0xff}), Value.of(1.5)),
            List.of(new RowChange.Before(null, new byte[16]), RowChange.Before.of(Value.of(2.0))),
            RowExtras.NONE.withUnseen(List.of(new Dot(OTHER, 2), new Dot(AUTHOR, 1)))),
        new RowChange(
            REFERRING,
            RowChange.Kind.INSERT,
            REFERRING.birthLife(seat, toLife),
            seat,
            TIME,
            List.of(Value.of(new byte[] {0, 1})),
            List.of(),
            toLife),
        new RowChange(
            new RowShape("seats", REFERRING.keyColumns(), List.of()),
            RowChange.Kind.UPDATE,
            REFERRING.birthLife(seat, toLife),
            RowKey.of(Value.of(1), Value.of("Bea")),
            TIME,
            List.of(),
            List.of(),
            toLife.withKeyBefore(seat)),
        new RowChange(
            GONE,
            RowChange.Kind.DELETE,
            GONE.birthLife(one, RowExtras.NONE),
            one,
            TIME,
            List.of(),
            List.of(),
            RowExtras.NONE),
        new RowChange(
            NUMBERED,
            RowChange.Kind.DERIVED,
            GONE.birthLife(one, RowExtras.NONE),
            one,
            HybridTimestamp.ZERO,
            List.of(Value.of(Long.MIN_VALUE), Value.of(-0.0)),
            List.of(),
            new RowExtras(
                RowExtras.NOT_NUMBERED,
                null,
                Map.of(),
                Set.of(),
                List.of(),
                List.of(new Dot(OTHER, 4)),
                List.of(),
                Map.of("room", Value.of("blue")),
                Map.of(1, new byte[] {9}),
                Map.of(),
                Map.of(
                    "",
                    List.of(new Dot(OTHER, 1), new Dot(OTHER, 2)),
                    "note",
                    List.of(new Dot(OTHER, 2), new Dot(AUTHOR, 1))))));
  }

  static byte[] write(List<RowChange> changes, VersionVector predecessor) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TransactionBodyWriter writer = new TransactionBodyWriter(bytes, HEADER, predecessor)) {
      for (RowChange change : changes) {
        writer.write(change);
      }
    }
    return bytes.toByteArray();
  }

  static List<RowChange> read(byte[] body) throws MalformedBodyException {
    List<RowChange> changes = new ArrayList<>();
    try (TransactionBodyReader reader =
        new TransactionBodyReader(new ByteArrayInputStream(body), DOT, BEFORE)) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        changes.add(change);
      }
    }
    return changes;
  }
}
