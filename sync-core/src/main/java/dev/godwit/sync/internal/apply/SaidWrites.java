package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code godwit_said}: what the log says about writes that conflict, so that it is the same
 * wherever the log is, whatever arrived first.
 *
 * <p>Each transaction is read once, however many of its writes are asked for.
 */
final class SaidWrites {
  /** Keys are names or numbers; what is longer is told apart by its beginning. */
  private static final int KEY_LENGTH_MAX = 200;

  private final Session session;
  private final EnvelopeTable log;
  private final Replicas replicas;

  SaidWrites(Session session, EnvelopeTable log, Replicas replicas) {
    this.session = session;
    this.log = log;
    this.replicas = replicas;
  }

  /** Takes note that a write to a unit, "" for the whole row, is to be told about. */
  static void want(Session session, LifeId life, String unit, Dot dot) {
    session
        .statement(
            "INSERT OR IGNORE INTO godwit_said (life, unit, replica, sequence) VALUES (?, ?, ?, ?)")
        .bind(1, life.bytes())
        .bind(2, unit)
        .bind(3, dot.replica().bytes())
        .bind(4, dot.sequence())
        .update();
  }

  /** A key as a person reads it, of bounded length. */
  static String readable(RowKey key) {
    String text = key.toString();
    return text.length() <= KEY_LENGTH_MAX ? text : text.substring(0, KEY_LENGTH_MAX - 1) + "…";
  }

  /** Forgets what nobody asks for any more about these lives. */
  void forgetUnused(Set<LifeId> lives) {
    for (LifeId life : lives) {
      session
          .statement(
              "DELETE FROM godwit_said WHERE life = ?1 AND NOT EXISTS (SELECT 1 FROM godwit_sibling s"
                  + " WHERE s.sibling_life = godwit_said.life AND s.unit = godwit_said.unit"
                  + " AND s.replica = godwit_said.replica AND s.sequence = godwit_said.sequence)"
                  + " AND NOT EXISTS (SELECT 1 FROM godwit_journal j WHERE j.life = ?1"
                  + " AND j.unit = godwit_said.unit AND j.replica = godwit_said.replica"
                  + " AND j.sequence = godwit_said.sequence)")
          .bind(1, life.bytes())
          .update();
    }
  }

  /** Asks the log for everything that is wanted. */
  void tell() {
    List<Dot> dots = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement("SELECT DISTINCT replica, sequence FROM godwit_said WHERE told = 0")
            .query()) {
      while (rows.next()) {
        dots.add(new Dot(ReplicaId.of(rows.bytes(0)), rows.integer(1)));
      }
    }
    for (Dot dot : dots) {
      if (replicas.isKnown(dot.replica())) {
        tell(dot);
      }
    }
  }

  private void tell(Dot dot) {
    Map<LifeId, List<String>> wanted = wanted(dot);
    // The dependencies do not matter here, so that those of the predecessor need not be known.
    try (InputStream body = log.body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, VersionVector.empty())) {
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        for (String unit : wanted.getOrDefault(change.life(), List.of())) {
          tell(dot, change, unit);
        }
      }
    } catch (IOException e) {
      // Not sealed yet, or no longer there: what the state holds is shown until it is.
      return;
    }
    // What a transaction does not say it will never say.
    session
        .statement(
            "UPDATE godwit_said SET told = 2 WHERE told = 0 AND replica = ? AND sequence = ?")
        .bind(1, dot.replica().bytes())
        .bind(2, dot.sequence())
        .update();
  }

  private Map<LifeId, List<String>> wanted(Dot dot) {
    Map<LifeId, List<String>> wanted = new HashMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT life, unit FROM godwit_said WHERE told = 0 AND replica = ? AND sequence = ?")
            .bind(1, dot.replica().bytes())
            .bind(2, dot.sequence())
            .query()) {
      while (rows.next()) {
        wanted
            .computeIfAbsent(LifeId.of(rows.bytes(0)), none -> new ArrayList<>())
            .add(rows.text(1));
      }
    }
    return wanted;
  }

  private void tell(Dot dot, RowChange change, String unit) {
    int column = change.shape().columns().indexOf(unit);
    int keyColumn = keyColumn(change, unit);
    RowKey keyBefore = change.extras().keyBefore();
    Value value = Value.NULL;
    Value base = Value.NULL;
    if (column >= 0) {
      value = change.values().get(column);
      Value before = column < change.before().size() ? change.before().get(column).value() : null;
      base = before == null ? Value.NULL : before;
    } else if (keyColumn >= 0) {
      value = change.key().values().get(keyColumn);
      base = keyBefore == null ? Value.NULL : keyBefore.values().get(keyColumn);
    } else if (!unit.isEmpty()) {
      return;
    }
    SqliteStatement update =
        session.statement(
            "UPDATE godwit_said SET told = 1, action = ?, key = ?, value = ?, base = ?, time = ?"
                + " WHERE life = ? AND unit = ? AND replica = ? AND sequence = ?");
    update.bind(1, action(change.kind())).bind(2, readable(change.key()));
    update.bind(3, value).bind(4, base).bind(5, change.time().packed());
    update.bind(6, change.life().bytes()).bind(7, unit);
    update.bind(8, dot.replica().bytes()).bind(9, dot.sequence()).update();
  }

  private static String action(RowChange.Kind kind) {
    return switch (kind) {
      case DELETE -> "delete";
      case RESOLUTION -> "resolution";
      default -> "edit";
    };
  }

  private static int keyColumn(RowChange change, String unit) {
    for (int i = 0; i < change.shape().keyColumns().size(); i++) {
      if (change.shape().keyColumns().get(i).name().equals(unit)) {
        return i;
      }
    }
    return -1;
  }
}
