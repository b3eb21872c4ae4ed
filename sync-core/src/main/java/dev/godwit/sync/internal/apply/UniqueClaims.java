package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code godwit_claim}: the unique values that lives out of the table want, and those of lives in
 * the table that no query would find, since they show NULL there or the file lacks a column of
 * theirs.
 */
final class UniqueClaims {
  private final Session session;
  private final Map<Integer, Boolean> any = new HashMap<>();

  /** A tuple of one rule, so that equal ones are equal. */
  record Claim(String rule, ByteBuffer tuple) {}

  UniqueClaims(Session session) {
    this.session = session;
  }

  /** Whether it is noted of any life of the table that it wants something. */
  boolean any(TrackedTable table) {
    return any.computeIfAbsent(
        table.number(),
        number -> {
          String sql = "SELECT 1 FROM godwit_claim WHERE table_number = ? LIMIT 1";
          try (SqliteRows rows = session.statement(sql).bind(1, number).query()) {
            return rows.next();
          }
        });
  }

  /** The lives of which it is noted that they want this. */
  List<LifeId> at(TrackedTable table, Claim claim) {
    List<LifeId> lives = new ArrayList<>();
    if (!any(table)) {
      return lives;
    }
    SqliteStatement query =
        session.statement(
            "SELECT life FROM godwit_claim WHERE table_number = ? AND rule = ? AND tuple = ?");
    query.bind(1, table.number()).bind(2, claim.rule()).bind(3, claim.tuple().array());
    try (SqliteRows rows = query.query()) {
      while (rows.next()) {
        lives.add(LifeId.of(rows.bytes(0)));
      }
    }
    return lives;
  }

  /** What a life wants, as far as it is noted. */
  List<Claim> of(TrackedTable table, RowState row) {
    List<Claim> claims = new ArrayList<>();
    if (!any(table)) {
      return claims;
    }
    SqliteStatement query =
        session.statement(
            "SELECT rule, tuple FROM godwit_claim WHERE table_number = ? AND life = ?");
    try (SqliteRows rows = query.bind(1, table.number()).bind(2, row.life().bytes()).query()) {
      while (rows.next()) {
        claims.add(new Claim(rows.text(0), ByteBuffer.wrap(rows.bytes(1))));
      }
    }
    return claims;
  }

  /** Says what is noted of a life from now on. */
  void set(TrackedTable table, RowState row, Collection<Claim> claims) {
    if (any(table)) {
      session
          .statement("DELETE FROM godwit_claim WHERE table_number = ? AND life = ?")
          .bind(1, table.number())
          .bind(2, row.life().bytes())
          .update();
    }
    for (Claim claim : claims) {
      any.put(table.number(), true);
      session
          .statement(
              "INSERT INTO godwit_claim (table_number, rule, tuple, life) VALUES (?, ?, ?, ?)")
          .bind(1, table.number())
          .bind(2, claim.rule())
          .bind(3, claim.tuple().array())
          .bind(4, row.life().bytes())
          .update();
    }
  }

  /**
   * Forgets what is noted of a table. Returns the lives that it was about, and those that are held
   * back or refused for a unique value.
   */
  Set<LifeId> forget(TrackedTable table) {
    Set<LifeId> lives = new TreeSet<>();
    String sql =
        "SELECT life FROM godwit_claim WHERE table_number = ?1 UNION"
            + " SELECT life FROM godwit_held WHERE table_number = ?1 AND kind IN ('parked', 'nulled', 'below')"
            + " UNION SELECT life FROM godwit_masked WHERE table_number = ?1";
    try (SqliteRows rows = session.statement(sql).bind(1, table.number()).query()) {
      while (rows.next()) {
        lives.add(LifeId.of(rows.bytes(0)));
      }
    }
    session
        .statement("DELETE FROM godwit_claim WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    any.remove(table.number());
    return lives;
  }
}
