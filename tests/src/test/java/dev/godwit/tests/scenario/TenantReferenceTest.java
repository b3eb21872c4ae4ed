package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Foreign keys that take a part of the row's own key and another column: what a row refers to is
 * within the tenant that it is of itself.
 */
class TenantReferenceTest extends TwoDevices {
  private static final String LISTS =
      "CREATE TABLE list (tenant TEXT NOT NULL, id INTEGER NOT NULL, name, PRIMARY KEY (tenant, id));";
  private static final String KEPT = "ON UPDATE CASCADE ON DELETE CASCADE";
  private static final String ITEMS = "SELECT tenant, id, list, title FROM item ORDER BY 1, 2";
  private static final String NAMES = "SELECT tenant, id, name FROM list ORDER BY 1, 2";

  private static String items(String clause) {
    return "CREATE TABLE item (tenant TEXT NOT NULL, id INTEGER NOT NULL, list INTEGER, title,"
        + " PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, list) REFERENCES list "
        + clause
        + ");";
  }

  /** Tenants are rows too, which SQLite numbers. */
  private void startWithNumberedTenants() {
    String tenant = "tenant INTEGER NOT NULL REFERENCES tenant " + KEPT;
    start(
        "CREATE TABLE tenant (id INTEGER PRIMARY KEY, name);"
            + LISTS.replace("tenant TEXT NOT NULL", tenant)
            + items(KEPT).replace("tenant TEXT NOT NULL", tenant),
        "tenant",
        "list",
        "item");
  }

  private void startWith(String clause) {
    start(LISTS + items(clause), "list", "item");
    a.sql("INSERT INTO list VALUES ('x', 1, 'work'), ('x', 2, 'home'), ('y', 1, 'club')");
    devices.syncAll();
  }

  @Test
  void anItemAddedToADeletedListIsHiddenUntilTheListIsBack() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM list WHERE name = 'work'");
    b.sql("INSERT INTO item VALUES ('x', 7, 1, 'call'), ('y', 7, 1, 'train')");
    bothAgreeWithoutDangling(ITEMS, "['y', 7, 1, 'train']");
    assertEquals("[hidden|list]", held(a));
    a.sql("INSERT INTO list VALUES ('x', 1, 'work again')");
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 1, 'call']", "['y', 7, 1, 'train']");
    assertEquals("[]", held(a));
  }

  @Test
  void aDeletedListStaysWhileAnItemRefersToIt() {
    startWith("");
    a.sql("DELETE FROM list WHERE name = 'work'");
    b.sql("INSERT INTO item VALUES ('x', 7, 1, 'call')");
    bothAgreeWithoutDangling(NAMES, "['x', 1, 'work']", "['x', 2, 'home']", "['y', 1, 'club']");
    assertEquals("[pinned|]", held(b));
    b.sql("UPDATE item SET list = 2");
    bothAgreeWithoutDangling(NAMES, "['x', 2, 'home']", "['y', 1, 'club']");
  }

  @Test
  void whatWouldBeSetToNullIsHiddenSinceAKeyIsNot() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM list WHERE name = 'work'");
    b.sql("INSERT INTO item VALUES ('x', 7, 1, 'call')");
    bothAgreeWithoutDangling(ITEMS);
    assertEquals("[hidden|list]", held(b));
    b.replica().settle(conflict(b, "'x', 7"), new Settlement.Write(Value.of(2L)));
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 2, 'call']");
  }

  @Test
  void anItemFollowsAListThatGetsAnotherNumber() {
    startWith(KEPT);
    a.sql("UPDATE list SET id = 9 WHERE name = 'work'");
    b.sql("INSERT INTO item VALUES ('x', 7, 1, 'call')");
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 9, 'call']");
    b.sql("UPDATE list SET id = 1 WHERE name = 'work'");
    a.sql("UPDATE item SET title = 'call back'");
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 1, 'call back']");
  }

  @Test
  void itemsGoWithTheirListToAnotherTenantAndKeepWhatIsWrittenToThemMeanwhile() {
    startWith(KEPT);
    a.sql("INSERT INTO item VALUES ('x', 7, 2, 'call'), ('x', 8, 2, 'write')");
    devices.syncAll();
    a.write("UPDATE list SET tenant = 'y' WHERE name = 'home'");
    b.sql("UPDATE item SET title = 'phone' WHERE id = 7");
    bothAgreeWithoutDangling(ITEMS, "['y', 7, 2, 'phone']", "['y', 8, 2, 'write']");
    noConflicts();
  }

  @Test
  void anItemThatIsAddedToAListWhichLeavesItsTenantIsOutUntilTheyMeet() {
    startWith(KEPT);
    a.sql("UPDATE list SET tenant = 'y' WHERE name = 'home'");
    b.sql("INSERT INTO item VALUES ('x', 7, 2, 'call'), ('x', 8, 2, 'write')");
    bothAgreeWithoutDangling(ITEMS);
    assertEquals("[below|list, below|list]", held(a));
    b.replica().settle(conflict(b, "'x', 7"), new Settlement.Write(Value.of(1L)));
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 1, 'call']");
    a.sql("UPDATE list SET tenant = 'x' WHERE name = 'home'");
    bothAgreeWithoutDangling(ITEMS, "['x', 7, 1, 'call']", "['x', 8, 2, 'write']");
    assertEquals("[]", held(b));
  }

  @Test
  void anItemThatMovesToAnotherTenantRefersToTheListThere() {
    startWith(KEPT);
    a.sql("INSERT INTO item VALUES ('x', 7, 1, 'call')");
    devices.syncAll();
    a.sql("UPDATE item SET tenant = 'y'");
    b.sql("UPDATE list SET id = 5 WHERE name = 'club'");
    bothAgreeWithoutDangling(ITEMS, "['y', 7, 5, 'call']");
    b.write("DELETE FROM list WHERE name = 'work'");
    bothAgreeWithoutDangling(ITEMS, "['y', 7, 5, 'call']");
    b.write("DELETE FROM list WHERE name = 'club'");
    bothAgreeWithoutDangling(ITEMS);
  }

  @Test
  void anItemKeepsTheListThatSomebodyGaveItWhileItMoved() {
    startWith(KEPT);
    a.sql("INSERT INTO item VALUES ('x', 7, 2, 'call')");
    devices.syncAll();
    write(b, 1, "UPDATE item SET list = 1");
    write(a, 2, "UPDATE list SET tenant = 'y' WHERE name = 'home'");
    bothAgreeWithoutDangling(ITEMS);
    assertEquals("[below|list]", held(a));
    write(a, 3, "UPDATE list SET tenant = 'y', id = 3 WHERE name = 'work'");
    bothAgreeWithoutDangling(ITEMS, "['y', 7, 3, 'call']");
  }

  @Test
  void allThatIsOfATenantFollowsIt() {
    startWithNumberedTenants();
    a.sql("INSERT INTO tenant VALUES (1, 'one'), (2, 'two')");
    a.sql("INSERT INTO list VALUES (1, 1, 'work'), (2, 1, 'club')");
    devices.syncAll();
    a.sql("UPDATE tenant SET id = 5 WHERE id = 1");
    b.sql("INSERT INTO item VALUES (1, 7, 1, 'call'), (2, 7, 1, 'train')");
    bothAgreeWithoutDangling(ITEMS, "[2, 7, 1, 'train']", "[5, 7, 1, 'call']");
    assertEquals("[]", held(a));
    b.sql("UPDATE list SET id = 4 WHERE tenant = 5");
    a.sql("UPDATE item SET title = 'ring' WHERE tenant = 5");
    bothAgreeWithoutDangling(ITEMS, "[2, 7, 1, 'train']", "[5, 7, 4, 'ring']");
  }

  @Test
  void devicesThatNumberATenantAlikeKeepItsListsApart() {
    startWithNumberedTenants();
    for (Device device : List.of(a, b)) {
      device.write(
          "INSERT INTO tenant VALUES (1, '" + device.name() + "')",
          "INSERT INTO list VALUES (1, 1, 'of " + device.name() + "')",
          "INSERT INTO item VALUES (1, 1, 1, 'by " + device.name() + "')");
    }
    bothAgreeWithoutDangling(
        "SELECT tenant.name AS owner, list.name AS list, title FROM item JOIN tenant ON tenant.id = item.tenant"
            + " JOIN list ON list.tenant = item.tenant AND list.id = list ORDER BY 1",
        "['a', 'of a', 'by a']",
        "['b', 'of b', 'by b']");
  }

  @Test
  void whatFollowsShowsWhatWasWrittenWhereThatIsTheKeyAgain() {
    start(
        "CREATE TABLE list (tenant TEXT NOT NULL, name TEXT COLLATE NOCASE NOT NULL,"
            + " PRIMARY KEY (tenant, name));"
            + "CREATE TABLE item (tenant TEXT NOT NULL, id INTEGER NOT NULL, list TEXT, title,"
            + " PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, list) REFERENCES list "
            + KEPT
            + ");",
        "list",
        "item");
    write(
        a,
        1,
        "INSERT INTO list VALUES ('x', 'Work')",
        "INSERT INTO item VALUES ('x', 1, 'work', 'call')");
    devices.syncAll();
    write(a, 2, "UPDATE list SET name = 'Office'");
    bothAgreeWithoutDangling(ITEMS, "['x', 1, 'Office', 'call']");
    write(b, 3, "UPDATE list SET name = 'WORK'", "UPDATE item SET title = 'phone'");
    bothAgreeWithoutDangling(ITEMS, "['x', 1, 'work', 'phone']");
    noConflicts();
  }
}
