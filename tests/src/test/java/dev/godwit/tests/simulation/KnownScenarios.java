package dev.godwit.tests.simulation;

import java.util.List;
import java.util.stream.Stream;

/** Scenarios that random schedules find seldom. */
final class KnownScenarios {
  static final List<Scenario> ALL =
      List.of(
          parentThatComesBackElsewhere(),
          tradedKeysAndChildren(),
          loserOfARenameGoesBackWhenItCan(),
          childEditedBehindItsParentsMove(),
          childRefusedBehindItsParentsMove(),
          childMadeAnewUnderAnotherParent(),
          parentThatMovedAndGoes("reference", "INSERT INTO t (id, p) VALUES (1, 2)"),
          parentThatMovedAndGoes("reference in a key", "INSERT INTO t (p, n) VALUES (2, 'y')"));

  private KnownScenarios() {}

  private static Family family(String name) {
    return Stream.concat(Family.UNCONSTRAINED.stream(), PolicyFamilies.ALL.stream())
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Step sql(int device, String... statements) {
    return new Step.Write(device, false, List.of(statements));
  }

  private static Step sync(int device, int other) {
    return new Step.Sync(device, other, Step.Sync.WHOLE);
  }

  private static Scenario parentThatComesBackElsewhere() {
    return new Scenario(
        family("reference"),
        2,
        List.of(
            sql(0, "INSERT INTO p (id) VALUES (1)", "INSERT INTO t (id, p) VALUES (1, 1)"),
            sync(1, 0),
            sql(0, "DELETE FROM p"),
            new Step.Seal(0),
            sql(1, "UPDATE p SET id = 5"),
            sync(0, 1)));
  }

  private static Scenario childEditedBehindItsParentsMove() {
    return new Scenario(
        family("reference in a key"),
        2,
        List.of(
            sql(0, "INSERT INTO p (id) VALUES (2)"),
            sql(0, "INSERT INTO t (p, n, a) VALUES (2, 'x', 1.0)"),
            sync(0, 1),
            sql(1, "UPDATE p SET id = 1 WHERE id = 2"),
            new Step.Write(1, true, List.of("UPDATE t SET a = 'v11'"))));
  }

  /**
   * Its key says the same as before and refers to another row, which takes it from the one there.
   */
  private static Scenario childMadeAnewUnderAnotherParent() {
    return new Scenario(
        family("reference in a key"),
        4,
        List.of(
            sql(0, "INSERT INTO p (id, a) VALUES (1, 'one'), (2, 'two')"),
            sql(0, "INSERT INTO t (p, n, a) VALUES (2, 'b', 0), (1, 'b', 1), (1, 'a', 2)"),
            sync(1, 0),
            sync(3, 0),
            sql(3, "INSERT OR REPLACE INTO p (id) VALUES (1)"),
            sql(
                1,
                "UPDATE OR REPLACE p SET id = 1 WHERE id = 2",
                "DELETE FROM t WHERE p = 1 AND n = 'b'"),
            sql(1, "INSERT INTO t (p, n, a) VALUES (1, 'b', 3)")));
  }

  /** The parent is parked when it has moved: what refused to follow is below it all the same. */
  private static Scenario childRefusedBehindItsParentsMove() {
    return new Scenario(
        family("acyclic, unique names"),
        4,
        List.of(
            sql(
                0,
                "INSERT INTO t (id, up, name) VALUES (1, NULL, NULL), (4, NULL, 'm'), (5, 4, 'm')"),
            sync(1, 0),
            sync(2, 0),
            sql(3, "INSERT INTO t (id, name) VALUES (3, 'n')"),
            sql(2, "UPDATE t SET id = 3 WHERE id = 5"),
            sync(3, 2),
            sql(2, "UPDATE t SET up = 3 WHERE id < 0"),
            sql(1, "INSERT INTO t (id, up) VALUES (3, 3)"),
            sql(1, "UPDATE t SET name = 'n' WHERE name = 'm'"),
            sql(3, "UPDATE t SET up = 3 WHERE id = 3"),
            sync(2, 0)));
  }

  private static Scenario parentThatMovedAndGoes(String family, String child) {
    return new Scenario(
        family(family),
        2,
        List.of(
            sql(1, "INSERT INTO p (id) VALUES (2)"),
            sql(1, child),
            sync(0, 1),
            sql(0, "UPDATE p SET id = 1 WHERE id = 2"),
            sync(0, 1),
            sql(1, "DELETE FROM p WHERE id = 1")));
  }

  private static Scenario tradedKeysAndChildren() {
    return new Scenario(
        family("reference in a key"),
        2,
        List.of(
            sql(0, "INSERT INTO p (id) VALUES (1), (2)"),
            sql(0, "INSERT INTO t (p, n) VALUES (1, 'x'), (2, 'x'), (3, 'y')"),
            sync(1, 0),
            sql(
                0,
                "UPDATE p SET id = 99 WHERE id = 1",
                "UPDATE p SET id = 1 WHERE id = 2",
                "UPDATE p SET id = 2 WHERE id = 99",
                "UPDATE t SET a = 'here' WHERE p = 1"),
            sql(1, "UPDATE t SET a = 'there' WHERE p = 1", "INSERT INTO p (id) VALUES (3)"),
            sync(0, 1)));
  }

  private static Scenario loserOfARenameGoesBackWhenItCan() {
    return new Scenario(
        family("text"),
        3,
        List.of(
            sql(0, "INSERT INTO t (k, a) VALUES ('a', 1), ('b', 2)"),
            sync(1, 0),
            sync(2, 0),
            sql(0, "UPDATE t SET k = 'c' WHERE k = 'a'"),
            sql(1, "UPDATE t SET k = 'c' WHERE k = 'b'", "INSERT INTO t (k, a) VALUES ('b', 3)"),
            sync(2, 0),
            sync(2, 1),
            sql(2, "DELETE FROM t WHERE k = 'b'"),
            sync(0, 2),
            sql(0, "DELETE FROM t WHERE k = 'c'"),
            sync(1, 0)));
  }
}
