package dev.godwit.sync.internal.state;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Renames dots in the merged state, when the end of one replica's history becomes the beginning of
 * another's.
 */
public final class Relabeling {
  private final Session session;
  private final Catalog catalog;
  private final Replicas replicas;

  public Relabeling(Session session, Catalog catalog, Replicas replicas) {
    this.session = session;
    this.catalog = catalog;
    this.replicas = replicas;
  }

  /**
   * Renames every dot (from, s) with s behind {@code after} to (to, s - after), by local replica
   * numbers.
   */
  public void run(long from, long to, long after) {
    List<long[]> tables = new ArrayList<>();
    List<LifeId> lives = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT table_number, life FROM godwit_row WHERE units IS NOT NULL OR state IS NOT NULL")
            .query()) {
      while (rows.next()) {
        tables.add(new long[] {rows.integer(0)});
        lives.add(LifeId.of(rows.bytes(1)));
      }
    }
    StateCodec codec = new StateCodec(catalog, replicas);
    RowStates states = new RowStates(session, catalog, replicas);
    for (int i = 0; i < lives.size(); i++) {
      RowState row = states.load((int) tables.get(i)[0], lives.get(i));
      rename(row, from, to, after);
      boolean simple = isStoredSimple(row);
      session
          .statement(
              "UPDATE godwit_row SET units = ?, state = ? WHERE table_number = ? AND life = ?")
          .bind(1, dev.godwit.sync.change.Value.of(simple ? codec.units(row, base(row)) : null))
          .bind(2, dev.godwit.sync.change.Value.of(simple ? null : codec.state(row)))
          .bind(3, row.table())
          .bind(4, row.life().bytes())
          .update();
    }
    session
        .statement(
            "UPDATE godwit_row SET replica = ?, sequence = sequence - ? WHERE replica = ? AND sequence > ?")
        .bind(1, to)
        .bind(2, after)
        .bind(3, from)
        .bind(4, after)
        .update();
    journal("", from, to, after);
    journal("by_", from, to, after);
  }

  private void journal(String prefix, long from, long to, long after) {
    String replica = prefix + "replica";
    String sequence = prefix + "sequence";
    session
        .statement(
            "UPDATE godwit_journal SET "
                + replica
                + " = ?, "
                + sequence
                + " = "
                + sequence
                + " - ? WHERE "
                + replica
                + " = ? AND "
                + sequence
                + " > ?")
        .bind(1, replicas.of(to).id().bytes())
        .bind(2, after)
        .bind(3, replicas.of(from).id().bytes())
        .bind(4, after)
        .update();
  }

  private boolean isStoredSimple(RowState row) {
    return row.state().base() != null;
  }

  private static Dot base(RowState row) {
    return row.state().base().dot();
  }

  private void rename(RowState row, long from, long to, long after) {
    row.state()
        .existence()
        .replaceAll(
            p ->
                new Presence(
                    dot(p.dot(), from, to, after),
                    p.time(),
                    p.present(),
                    p.derived(),
                    dots(p.outOfSight(), from, to, after)));
    row.state()
        .keys()
        .replaceAll(
            k ->
                new KeyVersion(
                    dot(k.dot(), from, to, after),
                    k.time(),
                    k.derived(),
                    k.key(),
                    k.extras().withClaims(dots(k.extras().claims(), from, to, after))));
    row.state().outlived(dots(List.copyOf(row.state().outlived()), from, to, after));
    // Writes of one time are in the order of their dots.
    Collections.sort(row.state().keys());
    row.state()
        .units()
        .values()
        .forEach(
            versions -> {
              versions.replaceAll(version -> version.withDot(dot(version.dot(), from, to, after)));
              Collections.sort(versions);
            });
    if (row.state().merges() != null) {
      row.state()
          .merges()
          .values()
          .forEach(
              states -> states.forEach(state -> state.rename(dot -> dot(dot, from, to, after))));
    }
  }

  private List<Dot> dots(List<Dot> dots, long from, long to, long after) {
    List<Dot> renamed = new ArrayList<>(dots);
    renamed.replaceAll(dot -> dot(dot, from, to, after));
    return renamed;
  }

  private Dot dot(Dot dot, long from, long to, long after) {
    boolean moved = replicas.of(dot.replica()).number() == from && dot.sequence() > after;
    return moved ? new Dot(replicas.of(to).id(), dot.sequence() - after) : dot;
  }
}
