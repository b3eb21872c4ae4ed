package dev.godwit.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets a unique value and what policies show, by hand. */
class UniqueOracleTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final TableModel NAMED = table("name").unique(UniqueIndex.on("name"));
  private static final TableModel NAMED_CHILD = table("name", "p").unique(UniqueIndex.on("name"));

  private static TableModel table(String... values) {
    return TableModel.of("t", false, List.of("k"), List.of(values));
  }

  private static void assertRows(WrittenHistory history, String... rows) {
    assertEquals(List.of(rows), history.rows("t"));
    assertEquals(Set.of(), history.oracle().vanished());
  }

  private static void assertParked(WrittenHistory history, LifeId... rows) {
    assertEquals(Set.of(rows), history.oracle().held("t", "parked"));
  }

  @Test
  void theEarlierGetsTheValueAndTheOtherWaitsForIt() {
    WrittenHistory history = new WrittenHistory(NAMED);
    LifeId first = history.insert(A, "t", "a", "n");
    LifeId second = history.insert(B, "t", "b", "n");
    assertRows(history, "['a', 'n']");
    assertParked(history, second);
    history.meet();
    history.update(C, first, "name", "m");
    assertRows(history, "['a', 'm']", "['b', 'n']");
  }

  @Test
  void whatAUserSawSucceedStays() {
    WrittenHistory history = new WrittenHistory(NAMED);
    LifeId first = history.insert(A, "t", "a", "n");
    LifeId second = history.insert(B, "t", "b", "n");
    history.meet();
    history.update(C, first, "name", "m");
    LifeId third = history.insert(C, "t", "c", "n");
    assertRows(history, "['a', 'm']", "['c', 'n']");
    assertParked(history, second);
    history.delete(C, third);
    assertRows(history, "['a', 'm']", "['b', 'n']");
  }

  @Test
  void rowsThatAreRevivedComeAfterOthers() {
    TableModel table = table("name", "a").unique(UniqueIndex.on("name"));
    WrittenHistory history = new WrittenHistory(table);
    LifeId revived = history.insert(A, "t", "a", "n", 1);
    history.learn(B, A);
    history.delete(A, revived);
    history.update(B, revived, "a", 2);
    LifeId other = history.insert(C, "t", "b", "n", 3);
    assertRows(history, "['b', 'n', 3]");
    assertParked(history, revived);
    history.delete(C, other);
    assertRows(history, "['a', 'n', 2]");
  }

  @Test
  void sinceIsTheLatestOfTheColumnsOfTheTuple() {
    TableModel table = table("list", "position", "a").unique(UniqueIndex.on("list", "position"));
    WrittenHistory history = new WrittenHistory(table);
    LifeId early = history.insert(A, "t", "a", "l", 1, 0);
    history.meet();
    LifeId late = history.insert(B, "t", "b", "l", 2, 0);
    history.update(A, early, "position", 2);
    history.update(B, late, "a", 9);
    assertRows(history, "['b', 'l', 2, 9]");
    assertParked(history, early);
  }

  @Test
  void aRowGetsAllThatItWantsOrNothing() {
    TableModel table = table("name", "mail").unique(UniqueIndex.on("name"), UniqueIndex.on("mail"));
    WrittenHistory history = new WrittenHistory(table);
    history.insert(A, "t", "a", "n", "x");
    LifeId between = history.insert(B, "t", "b", "n", "y");
    history.insert(C, "t", "c", "m", "y");
    assertRows(history, "['a', 'n', 'x']", "['c', 'm', 'y']");
    assertParked(history, between);
  }

  private static TableModel nullWhereTaken(TableModel table, String... columns) {
    TablePolicies policies = TablePolicies.NONE;
    for (String column : columns) {
      policies = policies.with(column, "null where taken");
    }
    return table.under(policies);
  }

  private static void assertNulled(WrittenHistory history, LifeId... rows) {
    assertEquals(Set.of(rows), history.oracle().held("t", "nulled"));
  }

  @Test
  void aRowThatShowsNullLeavesToOthersWhatElseHadItsValue() {
    UniqueIndex both = UniqueIndex.on("name", "mail");
    TableModel table = table("name", "mail").unique(UniqueIndex.on("name"), both);
    WrittenHistory history = new WrittenHistory(nullWhereTaken(table, "name"));
    LifeId first = history.insert(A, "t", "a", "n", "x");
    LifeId second = history.insert(B, "t", "b", "n", "y");
    LifeId third = history.insert(C, "t", "c", "n", "y");
    assertRows(history, "['a', 'n', 'x']", "['b', NULL, 'y']", "['c', NULL, 'y']");
    assertNulled(history, second, third);
    history.meet();
    history.delete(A, first);
    assertRows(history, "['b', 'n', 'y']", "['c', NULL, 'y']");
    assertParked(history);
  }

  @Test
  void aRowThatLosesOneValueForGoodIsParkedWhateverElseMayBeNull() {
    TableModel table = table("name", "mail").unique(UniqueIndex.on("name"), UniqueIndex.on("mail"));
    WrittenHistory history = new WrittenHistory(nullWhereTaken(table, "name"));
    history.insert(A, "t", "a", "n", "x");
    LifeId second = history.insert(B, "t", "b", "n", "x");
    assertRows(history, "['a', 'n', 'x']");
    assertParked(history, second);
    assertNulled(history);
  }

  @Test
  void whoWritesBesideANullHasSeenNobodyMakeWay() {
    TableModel table = table("list", "position").unique(UniqueIndex.on("list", "position"));
    WrittenHistory history = new WrittenHistory(nullWhereTaken(table, "position"));
    history.insert(A, "t", "a", "l", 1);
    history.insert(A, "t", "c", "m", 1);
    LifeId nulled = history.insert(B, "t", "b", "l", 1);
    history.meet();
    history.update(B, nulled, "list", "m");
    assertRows(history, "['a', 'l', 1]", "['b', 'm', NULL]", "['c', 'm', 1]");
    assertNulled(history, nulled);
  }

  @Test
  void nullAndRowsOutsideOfTheConditionClaimNothing() {
    TableModel table =
        table("name", "done")
            .unique(
                UniqueIndex.on("name").where(row -> row.get("done").equals(Value.of(0)), "done"));
    WrittenHistory history = new WrittenHistory(table);
    history.insert(A, "t", "a", "n", 0);
    LifeId done = history.insert(B, "t", "b", "n", 1);
    history.insert(A, "t", "c", null, 0);
    history.insert(B, "t", "d", null, 0);
    assertEquals(4, history.rows("t").size());
    history.update(B, done, "done", 0);
    assertParked(history, done);
  }

  @Test
  void aConditionThatIsMetLaterOutranksRowsThatWereKnown() {
    TableModel table =
        table("name", "done")
            .unique(
                UniqueIndex.on("name").where(row -> row.get("done").equals(Value.of(0)), "done"));
    WrittenHistory history = new WrittenHistory(table);
    LifeId first = history.insert(A, "t", "a", "n", 0);
    LifeId parked = history.insert(B, "t", "b", "n", 0);
    LifeId done = history.insert(C, "t", "c", "n", 1);
    history.meet();
    history.update(C, first, "done", 1);
    history.update(C, parked, "name", "n");
    assertParked(history);
    history.learn(A, C);
    history.update(A, done, "done", 0);
    assertParked(history, parked);
  }

  @Test
  void spellingsThatTheCollationHoldsEqualMeet() {
    WrittenHistory history =
        new WrittenHistory(table("name").unique(UniqueIndex.on("name").ignoringCaseOf("name")));
    history.insert(A, "t", "a", "N");
    LifeId second = history.insert(B, "t", "b", "n");
    assertParked(history, second);
  }

  @Test
  void hiddenRowsClaimNothing() {
    TableModel child = NAMED_CHILD.referring(Map.of("p", "p"), OnDelete.CASCADE);
    TableModel parent = TableModel.of("p", false, List.of("k"), List.of("a"));
    WrittenHistory history = new WrittenHistory(parent, child);
    LifeId gone = history.insert(A, "p", "x", 1);
    history.meet();
    history.delete(A, gone);
    history.insert(B, "t", "a", "n", "x");
    history.insert(C, "t", "b", "n", null);
    assertRows(history, "['b', 'n', NULL]");
    assertParked(history);
  }

  @Test
  void rowsThatAreHiddenBelowParkedOnesClaimStill() {
    TableModel holder =
        TableModel.of("p", false, List.of("k"), List.of("name")).unique(UniqueIndex.on("name"));
    TableModel child = NAMED_CHILD.referring(Map.of("p", "p"), OnDelete.SET_NULL);
    WrittenHistory history = new WrittenHistory(holder, child);
    history.insert(A, "p", "x", "same");
    history.insert(B, "p", "y", "same");
    LifeId below = history.insert(B, "t", "a", "n", "y");
    LifeId second = history.insert(C, "t", "b", "n", null);
    assertRows(history);
    assertParked(history, second);
    assertEquals(Set.of(below), history.oracle().held("t", "hidden"));
  }

  @Test
  void deletesWinWhereTheSpaceSaysSo() {
    WrittenHistory history = new WrittenHistory(table("a").under(TablePolicies.deletesWin()));
    LifeId row = history.insert(A, "t", "a", 1);
    history.meet();
    history.delete(A, row);
    history.update(B, row, "a", 2);
    assertRows(history);
    history.meet();
    history.insert(C, "t", "a", 3);
    assertRows(history, "['a', 3]");
  }

  @Test
  void theLargestOrTheSmallestIsShownWhereTheSpaceSaysSo() {
    TablePolicies policies = TablePolicies.NONE.with("high", "max").with("low", "min");
    WrittenHistory history = new WrittenHistory(table("high", "low").under(policies));
    LifeId row = history.insert(A, "t", "a", 0, 0);
    history.meet();
    history.update(A, row, "high", 9);
    history.update(A, row, "low", 2);
    history.update(B, row, "high", 5);
    history.update(B, row, "low", 7);
    assertRows(history, "['a', 9, 2]");
    history.meet();
    history.update(C, row, "high", 1);
    assertRows(history, "['a', 1, 2]");
  }
}
