package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Foreign keys to other columns than the primary key. */
class UniqueReferenceTest extends TwoDevices {
  private static final String POSTS = "SELECT id, author, text FROM post ORDER BY id";
  private static final String PEOPLE =
      "CREATE TABLE person (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, name);";
  private static final String FOLLOWING = "ON UPDATE CASCADE ON DELETE CASCADE";

  private static String posts(String clause) {
    return "CREATE TABLE post (id TEXT PRIMARY KEY NOT NULL,"
        + " author TEXT REFERENCES person (mail) "
        + clause
        + ", text);";
  }

  private void startWith(String clause) {
    start(PEOPLE + posts(clause), "person", "post");
    write(a, 1, "INSERT INTO person VALUES (1, 'one@x', 'One'), (2, 'two@x', 'Two')");
    write(a, 2, "INSERT INTO post VALUES ('p', 'one@x', 'first')");
    devices.syncAll();
  }

  @Test
  void aPostFollowsItsAuthorToAnotherAddress() {
    startWith(FOLLOWING);
    write(a, 10, "UPDATE person SET mail = 'new@x' WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second'), ('r', 'two@x', 'third')");
    bothAgreeWithoutDangling(
        POSTS, "['p', 'new@x', 'first']", "['q', 'new@x', 'second']", "['r', 'two@x', 'third']");
    assertEquals("[]", held(a));
    write(b, 12, "UPDATE person SET mail = 'newer@x' WHERE id = 1");
    bothAgreeWithoutDangling(
        POSTS,
        "['p', 'newer@x', 'first']",
        "['q', 'newer@x', 'second']",
        "['r', 'two@x', 'third']");
  }

  @Test
  void aPostThatWasGivenToAnotherOneMeanwhileDoesNotGoBackForACascade() {
    startWith(FOLLOWING);
    write(b, 10, "UPDATE post SET author = 'two@x', text = 'given' WHERE id = 'p'");
    write(a, 11, "UPDATE person SET mail = 'new@x' WHERE id = 1");
    bothAgreeWithoutDangling(POSTS, "['p', 'two@x', 'given']");
    noConflicts();
  }

  @Test
  void aPostOfSomebodyWhoIsDeletedIsHiddenUntilHeIsBack() {
    startWith(FOLLOWING);
    write(a, 10, "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS);
    assertEquals("[hidden|author]", held(b));
    a.replica().settle(conflict(a), new Settlement.Restore());
    bothAgreeWithoutDangling(POSTS, "['q', 'one@x', 'second']");
  }

  @Test
  void whoIsReferredToStays() {
    startWith("");
    write(a, 10, "DELETE FROM post", "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS, "['q', 'one@x', 'second']");
    assertEquals("[pinned|]", held(a));
  }

  @Test
  void aReferenceToSomebodyWhoIsGoneShowsNull() {
    startWith("ON DELETE SET NULL");
    write(a, 10, "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS, "['p', NULL, 'first']", "['q', NULL, 'second']");
    assertEquals("[substituted|author]", held(a));
  }

  @Test
  void whatRefersToAnAddressThatTwoTookIsOutWithTheOneWhoLostIt() {
    startWith(FOLLOWING);
    write(a, 10, "INSERT INTO person VALUES (3, 'both@x', 'Three')");
    write(a, 11, "INSERT INTO post VALUES ('a', 'both@x', 'of three')");
    write(b, 12, "INSERT INTO person VALUES (4, 'both@x', 'Four')");
    write(b, 13, "INSERT INTO post VALUES ('b', 'both@x', 'of four')");
    bothAgreeWithoutDangling(POSTS, "['a', 'both@x', 'of three']", "['p', 'one@x', 'first']");
    write(a, 20, "UPDATE person SET mail = 'three@x' WHERE id = 3");
    bothAgreeWithoutDangling(
        POSTS,
        "['a', 'three@x', 'of three']",
        "['b', 'both@x', 'of four']",
        "['p', 'one@x', 'first']");
    assertEquals("[]", held(b));
  }

  @Test
  void aPostShowsNoAddressWhileItsAuthorHasNone() {
    startWith("ON DELETE CASCADE");
    write(a, 10, "DELETE FROM post", "UPDATE person SET mail = NULL WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS, "['q', NULL, 'second']");
    write(a, 12, "UPDATE post SET text = 'edited'");
    write(b, 13, "UPDATE person SET mail = 'again@x' WHERE id = 1");
    bothAgreeWithoutDangling(POSTS, "['q', 'again@x', 'edited']");
    noConflicts();
  }

  @Test
  void whoDeletesAnAuthorOfWhomNoPostWasShownLeavesNoneDangling() {
    startWith("");
    write(a, 10, "DELETE FROM post", "UPDATE person SET mail = NULL WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS, "['q', NULL, 'second']");
    write(b, 12, "DELETE FROM person WHERE id = 1");
    bothAgreeWithoutDangling(POSTS, "['q', NULL, 'second']");
    assertEquals("[pinned|]", held(a));
  }

  @Test
  void aPostThatMustShowAnAddressIsOutWhileItsAuthorHasNone() {
    start(
        PEOPLE
            + "CREATE TABLE post (id TEXT PRIMARY KEY NOT NULL,"
            + " author TEXT NOT NULL REFERENCES person (mail), text);",
        "person",
        "post");
    write(a, 1, "INSERT INTO person VALUES (1, 'one@x', 'One')");
    devices.syncAll();
    write(a, 10, "UPDATE person SET mail = NULL");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS);
    assertEquals("[below|author]", held(a));
    assertThrows(
        IllegalArgumentException.class,
        () -> a.replica().settle(conflict(a), new Settlement.Restore()));
    write(b, 12, "UPDATE person SET mail = 'again@x'");
    bothAgreeWithoutDangling(POSTS, "['q', 'again@x', 'second']");
    assertEquals("[]", held(b));
  }

  @Test
  void whoTakesTheAddressOfARowThatGoesTakesItsPosts() {
    startWith("");
    write(a, 10, "INSERT OR REPLACE INTO person VALUES (9, 'one@x', 'Nine')");
    bothAgreeWithoutDangling(POSTS, "['p', 'one@x', 'first']");
    write(b, 11, "UPDATE person SET name = 'nine' WHERE id = 9");
    bothAgreeWithoutDangling(POSTS, "['p', 'one@x', 'first']");
    bothAgreeOn("SELECT id, name FROM person ORDER BY id", "[2, 'Two']", "[9, 'nine']");
    b.sql("UPDATE person SET mail = 'nine@x' WHERE id = 9");
    bothAgreeOn(POSTS, "['p', 'nine@x', 'first']");
  }

  @Test
  void transactionsThatWaitAreToldApart() {
    startWith(FOLLOWING);
    write(a, 10, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    write(a, 11, "UPDATE person SET mail = 'new@x' WHERE id = 1");
    write(a, 12, "UPDATE person SET mail = 'one@x' WHERE id = 2");
    write(a, 13, "INSERT INTO post VALUES ('r', 'one@x', 'third')");
    bothAgreeWithoutDangling(
        POSTS, "['p', 'new@x', 'first']", "['q', 'new@x', 'second']", "['r', 'one@x', 'third']");
    write(b, 20, "UPDATE person SET mail = 'two@x' WHERE id = 2");
    bothAgreeWithoutDangling(
        POSTS, "['p', 'new@x', 'first']", "['q', 'new@x', 'second']", "['r', 'two@x', 'third']");
  }

  @Test
  void whoHadTheAddressWhenAPostWasWrittenIsItsAuthorThoughOthersHaveItByNow() {
    startWith("");
    for (String statement :
        List.of(
            "INSERT INTO post VALUES ('q', 'two@x', 'second')",
            "UPDATE person SET mail = 'new@x' WHERE id = 2",
            "INSERT INTO person VALUES (3, 'two@x', 'Three')",
            "INSERT INTO post VALUES ('r', 'two@x', 'third')")) {
      a.sql(statement);
      // Bounds what the other program wrote; it all waits to be packed by the sync.
      a.write("UPDATE person SET name = name || '.' WHERE id = 1");
    }
    bothAgreeWithoutDangling(
        POSTS, "['p', 'one@x', 'first']", "['q', 'new@x', 'second']", "['r', 'two@x', 'third']");
  }

  @Test
  void addressesThatTwoTradeTakeTheirPostsAlong() {
    startWith(FOLLOWING);
    write(
        a,
        10,
        "UPDATE person SET mail = '-' WHERE id = 1",
        "UPDATE person SET mail = 'one@x' WHERE id = 2",
        "UPDATE person SET mail = 'two@x' WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second'), ('r', 'two@x', 'third')");
    bothAgreeWithoutDangling(
        POSTS, "['p', 'two@x', 'first']", "['q', 'two@x', 'second']", "['r', 'one@x', 'third']");
  }

  @Test
  void aPostIsOutWhileItsAuthorShowsNullForATakenAddress() {
    startWith(FOLLOWING);
    a.clock().at(4_000_000_005_000L);
    a.replica().policy("person.mail", ColumnPolicy.parse("null where taken"));
    devices.syncAll();
    write(a, 10, "UPDATE person SET mail = 'new@x' WHERE id = 2");
    write(b, 11, "UPDATE person SET mail = 'new@x' WHERE id = 1");
    bothAgreeWithoutDangling(
        "SELECT person.id, mail, text FROM person LEFT JOIN post ON author = mail ORDER BY 1",
        "[1, NULL, NULL]",
        "[2, 'new@x', NULL]");
    bothAgreeWithoutDangling(POSTS);
    write(b, 12, "UPDATE person SET mail = 'two@x' WHERE id = 2");
    bothAgreeWithoutDangling(POSTS, "['p', 'new@x', 'first']");
    assertEquals("[]", held(a));
  }

  @Test
  void anItemOfATenantRefersToAListOfTheSame() {
    start(
        "CREATE TABLE list (id INTEGER PRIMARY KEY, tenant TEXT, name, UNIQUE (tenant, id));"
            + "CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, tenant TEXT, list INTEGER,"
            + " FOREIGN KEY (tenant, list) REFERENCES list (tenant, id) "
            + FOLLOWING
            + ");",
        "list",
        "item");
    write(a, 1, "INSERT INTO list VALUES (1, 'red', 'One'), (2, 'blue', 'Two')");
    devices.syncAll();
    write(a, 10, "UPDATE list SET tenant = 'green' WHERE id = 1");
    write(b, 11, "INSERT INTO item VALUES ('i', 'red', 1), ('j', 'blue', 2), ('k', 'red', NULL)");
    bothAgreeWithoutDangling(
        "SELECT * FROM item ORDER BY id",
        "['i', 'green', 1]",
        "['j', 'blue', 2]",
        "['k', 'red', NULL]");
    write(a, 12, "INSERT INTO list VALUES (3, 'red', 'of a')");
    write(a, 13, "INSERT INTO item VALUES ('l', 'red', 3)");
    write(b, 14, "INSERT INTO list VALUES (3, 'red', 'of b')");
    write(b, 15, "INSERT INTO item VALUES ('m', 'red', 3)");
    bothAgreeWithoutDangling(
        "SELECT item.id, name FROM item JOIN list ON list.id = list ORDER BY item.id",
        "['i', 'One']",
        "['j', 'Two']",
        "['l', 'of a']",
        "['m', 'of b']");
  }

  @Test
  void whatRefersToAReferenceFollowsThat() {
    start(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE profile (k TEXT PRIMARY KEY NOT NULL, person INTEGER UNIQUE REFERENCES person);"
            + "CREATE TABLE badge (k TEXT PRIMARY KEY NOT NULL, of INTEGER REFERENCES profile (person));",
        "person",
        "profile",
        "badge");
    write(a, 1, "INSERT INTO person VALUES (1, 'of a')", "INSERT INTO profile VALUES ('a', 1)");
    write(a, 2, "INSERT INTO badge VALUES ('a', 1)");
    write(b, 3, "INSERT INTO person VALUES (1, 'of b')", "INSERT INTO profile VALUES ('b', 1)");
    write(b, 4, "INSERT INTO badge VALUES ('b', 1)");
    bothAgreeWithoutDangling(
        "SELECT badge.k, name FROM badge JOIN person ON id = of ORDER BY badge.k",
        "['a', 'of a']",
        "['b', 'of b']");
    b.sql("UPDATE person SET id = 7 WHERE name = 'of b'");
    bothAgreeWithoutDangling("SELECT of FROM badge ORDER BY k", "[1]", "[7]");
  }

  @Test
  void rowsThatAreThereWhenTrackingBeginsRefer() {
    String rows =
        "INSERT INTO person VALUES (1, 'one@x', 'One'); INSERT INTO post VALUES ('p', 'one@x', 'first');";
    start(PEOPLE + posts(FOLLOWING) + rows, "person", "post");
    write(a, 10, "UPDATE person SET mail = 'new@x'");
    write(b, 11, "UPDATE post SET text = 'edited'");
    bothAgreeWithoutDangling(POSTS, "['p', 'new@x', 'edited']");
  }

  @Test
  void aDeviceThatJoinsKnowsWhatIsReferredTo() {
    startWith(FOLLOWING);
    write(a, 10, "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second'), ('r', 'two@x', 'third')");
    devices.syncAll();
    Sqlite.run(folder.resolve("c.db"), "CREATE TABLE own (x)");
    Device c = devices.open("c", folder.resolve("c.db"));
    Devices.meet(c, a);
    c.replica().accept(c.replica().schemaProposal());
    bothAgreeWithoutDangling(POSTS, "['r', 'two@x', 'third']");
    assertEquals(a.rows(POSTS), c.rows(POSTS));
    write(c, 12, "UPDATE person SET mail = 'new@x' WHERE id = 2");
    bothAgreeWithoutDangling(POSTS, "['r', 'new@x', 'third']");
  }

  @Test
  void valuesFromBeforeTheForeignKeyReferToNothingUntilTheyAreWrittenAgain() {
    start(
        PEOPLE + "CREATE TABLE post (id TEXT PRIMARY KEY NOT NULL, author TEXT, text);",
        "person",
        "post");
    write(a, 1, "INSERT INTO person VALUES (1, 'one@x', 'One')");
    write(a, 2, "INSERT INTO post VALUES ('p', 'one@x', 'first'), ('q', 'one@x', 'second')");
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      device.sql(
          "CREATE TABLE other (id TEXT PRIMARY KEY NOT NULL, author TEXT REFERENCES person (mail), text)",
          "INSERT INTO other SELECT * FROM post",
          "DROP TABLE post",
          "ALTER TABLE other RENAME TO post");
    }
    devices.syncAll();
    write(a, 10, "UPDATE post SET author = NULL WHERE id = 'q'");
    write(a, 11, "UPDATE post SET author = 'one@x' WHERE id = 'q'");
    devices.syncAll();
    b.sql("UPDATE person SET mail = 'new@x'");
    devices.exchangeAll();
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of("['p', 'one@x', 'first']", "['q', 'new@x', 'second']"), device.rows(POSTS));
    }
  }

  @Test
  void aListedReferenceIsSettledByAnotherAddress() {
    startWith(FOLLOWING);
    write(a, 10, "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS);
    b.replica().settle(conflict(b), new Settlement.Write(Value.of("two@x")));
    bothAgreeWithoutDangling(POSTS, "['q', 'two@x', 'second']");
    noConflicts();
  }

  @Test
  void whatIsBelowAParkedRowFollowsAnotherOneByValue() {
    start(
        "CREATE TABLE q (id INTEGER PRIMARY KEY, a INTEGER UNIQUE);"
            + "CREATE TABLE t (o INTEGER NOT NULL REFERENCES q, n TEXT NOT NULL, c INTEGER REFERENCES q (a),"
            + " PRIMARY KEY (o, n));",
        "q",
        "t");
    write(a, 1, "INSERT INTO q VALUES (1, 4), (3, 1)", "INSERT INTO t VALUES (1, 'x', 1)");
    devices.syncAll();
    write(a, 2, "INSERT INTO q VALUES (4, 3)");
    write(b, 3, "UPDATE q SET a = 3 WHERE id = 1");
    bothAgreeWithoutDangling("SELECT * FROM q ORDER BY id", "[3, 1]", "[4, 3]");
    bothAgreeWithoutDangling("SELECT * FROM t");
    write(b, 4, "UPDATE q SET a = 4 WHERE id = 3");
    write(b, 5, "UPDATE q SET a = 5 WHERE id = 4");
    bothAgreeWithoutDangling("SELECT * FROM q ORDER BY id", "[1, 3]", "[3, 4]", "[4, 5]");
    bothAgreeWithoutDangling("SELECT * FROM t", "[1, 'x', 4]");
  }
}
