package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.Settlement;
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
  void whereTheAddressIsTakenAwayThePostIsOut() {
    startWith("ON DELETE CASCADE");
    write(a, 10, "DELETE FROM post", "UPDATE person SET mail = NULL WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS);
    assertEquals("[below|author]", held(a));
    write(b, 12, "UPDATE person SET mail = 'again@x' WHERE id = 1");
    bothAgreeWithoutDangling(POSTS, "['q', 'again@x', 'second']");
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
  void aListedReferenceIsSettledByAnotherAddress() {
    startWith(FOLLOWING);
    write(a, 10, "DELETE FROM person WHERE id = 1");
    write(b, 11, "INSERT INTO post VALUES ('q', 'one@x', 'second')");
    bothAgreeWithoutDangling(POSTS);
    b.replica().settle(conflict(b), new Settlement.Write(Value.of("two@x")));
    bothAgreeWithoutDangling(POSTS, "['q', 'two@x', 'second']");
    noConflicts();
  }
}
