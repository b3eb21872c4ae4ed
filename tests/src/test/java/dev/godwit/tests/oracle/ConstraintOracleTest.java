package dev.godwit.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of references, by hand: each rule in a history of a few writes. */
class ConstraintOracleTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final TableModel PARENT = natural("p", "a");

  private static TableModel natural(String name, String... values) {
    return TableModel.of(name, false, List.of("k"), List.of(values));
  }

  private static TableModel child(OnDelete action) {
    return natural("t", "p").referring(Map.of("p", "p"), action);
  }

  /** Parent 'x', known to all; A deletes it while B adds child 'c' to it. */
  private static WrittenHistory deletedWhileReferredTo(TableModel child) {
    WrittenHistory history = new WrittenHistory(PARENT, child);
    LifeId parent = history.insert(A, "p", "x", 1);
    history.meet();
    history.delete(A, parent);
    history.insert(B, "t", "c", "x");
    return history;
  }

  private static void assertRows(WrittenHistory history, String table, String... rows) {
    assertEquals(List.of(rows), history.rows(table));
    assertEquals(Set.of(), history.oracle().vanished());
  }

  private static void assertHeld(WrittenHistory history, String table, String kind, LifeId... row) {
    assertEquals(Set.of(row), history.oracle().held(table, kind));
  }

  @Test
  void cascadeHides() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.CASCADE));
    assertRows(history, "p");
    assertRows(history, "t");
    assertEquals(1, history.oracle().held("t", "hidden").size());
  }

  @Test
  void whatWasHiddenComesBackWithWhatItRefersTo() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.CASCADE));
    history.meet();
    history.insert(C, "p", "x", 2);
    assertRows(history, "p", "['x', 2]");
    assertRows(history, "t", "['c', 'x']");
  }

  @Test
  void cascadeHidesBelowWhatItHides() {
    TableModel grandchild = natural("u", "t").referring(Map.of("t", "t"), OnDelete.CASCADE);
    TableModel loose = natural("v", "t").referring(Map.of("t", "t"), OnDelete.SET_NULL);
    WrittenHistory history = new WrittenHistory(grandchild, loose, child(OnDelete.CASCADE), PARENT);
    LifeId parent = history.insert(A, "p", "x", 1);
    history.meet();
    history.delete(A, parent);
    LifeId hidden = history.insert(B, "t", "c", "x");
    LifeId below = history.insert(B, "u", "d", "c");
    LifeId freed = history.insert(B, "v", "e", "c");
    assertHeld(history, "t", "hidden", hidden);
    assertHeld(history, "u", "hidden", below);
    assertHeld(history, "v", "substituted", freed);
    assertRows(history, "v", "['e', NULL]");
  }

  @Test
  void restrictPinsTheWholeRow() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.RESTRICT));
    assertRows(history, "p", "['x', 1]");
    assertRows(history, "t", "['c', 'x']");
    assertEquals(1, history.oracle().held("p", "pinned").size());
  }

  @Test
  void whatIsPinnedPinsInItsTurn() {
    TableModel parent = natural("p", "g").referring(Map.of("g", "g"), OnDelete.RESTRICT);
    WrittenHistory history =
        new WrittenHistory(natural("g", "a"), parent, child(OnDelete.RESTRICT));
    LifeId top = history.insert(A, "g", "y", 1);
    history.meet();
    history.delete(A, top);
    LifeId middle = history.insert(B, "p", "x", "y");
    history.learn(C, B);
    history.delete(B, middle);
    history.insert(C, "t", "c", "x");
    assertHeld(history, "g", "pinned", top);
    assertHeld(history, "p", "pinned", middle);
    assertRows(history, "g", "['y', 1]");
    assertRows(history, "p", "['x', 'y']");
  }

  @Test
  void aPinGoesWithTheRowThatPins() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.RESTRICT));
    LifeId child = history.oracle().shownLives("t").iterator().next();
    history.meet();
    history.delete(C, child);
    assertRows(history, "p");
    assertRows(history, "t");
  }

  @Test
  void aDeleteThatSawTheReferenceIsNotPinnedAway() {
    WrittenHistory history = new WrittenHistory(PARENT, child(OnDelete.RESTRICT));
    LifeId parent = history.insert(A, "p", "x", 1);
    LifeId child = history.insert(A, "t", "c", "x");
    history.meet();
    history.delete(A, child);
    history.delete(A, parent);
    history.update(B, child, "p", "x");
    assertRows(history, "p", "['x', 1]");

    WrittenHistory seen = new WrittenHistory(PARENT, child(OnDelete.RESTRICT).notNull("p"));
    LifeId gone = seen.insert(A, "p", "x", 1);
    LifeId edited = seen.insert(A, "t", "c", "x");
    seen.meet();
    seen.delete(A, edited);
    seen.delete(A, gone);
    seen.move(B, edited, "d");
    assertRows(seen, "p");
    assertHeld(seen, "t", "hidden", edited);
  }

  @Test
  void aRowThatCascadesAwayDoesNotPin() {
    TableModel child =
        natural("t", "p", "q")
            .referring("p", Reference.to("p", OnDelete.RESTRICT))
            .referring("q", Reference.to("q", OnDelete.CASCADE));
    WrittenHistory history = new WrittenHistory(PARENT, natural("q", "a"), child);
    LifeId parent = history.insert(A, "p", "x", 1);
    LifeId other = history.insert(A, "q", "y", 1);
    history.meet();
    history.delete(A, parent);
    history.delete(A, other);
    LifeId hidden = history.insert(B, "t", "c", "x", "y");
    assertRows(history, "p");
    assertHeld(history, "t", "hidden", hidden);
    history.meet();
    history.insert(C, "q", "y", 2);
    assertRows(history, "p", "['x', 1]");
    assertRows(history, "t", "['c', 'x', 'y']");
  }

  @Test
  void setNullShowsNull() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.SET_NULL));
    assertRows(history, "t", "['c', NULL]");
    assertEquals(1, history.oracle().held("t", "substituted").size());
  }

  @Test
  void setNullHidesWhereNullIsNotAllowed() {
    WrittenHistory history = deletedWhileReferredTo(child(OnDelete.SET_NULL).notNull("p"));
    assertRows(history, "t");
    assertEquals(1, history.oracle().held("t", "hidden").size());
  }

  @Test
  void setNullHidesWhereTheReferenceIsInTheKey() {
    TableModel member =
        TableModel.of("t", false, List.of("p", "n"), List.of("a"))
            .referring(Map.of("p", "p"), OnDelete.SET_NULL);
    WrittenHistory history = new WrittenHistory(PARENT, member);
    LifeId parent = history.insert(A, "p", "x", 1);
    history.meet();
    history.delete(A, parent);
    LifeId hidden = history.insert(B, "t", "x", 7, 1);
    assertHeld(history, "t", "hidden", hidden);
  }

  @Test
  void setDefaultShowsTheDefault() {
    Reference toDefault =
        new Reference("p", OnDelete.SET_DEFAULT, dev.godwit.sync.change.Value.of("z"));
    WrittenHistory history =
        deletedWhileReferredTo(natural("t", "p").referring("p", toDefault).notNull("p"));
    assertRows(history, "t");
    history.insert(C, "p", "z", 1);
    assertRows(history, "t", "['c', 'z']");
  }

  @Test
  void aDefaultOfNullIsAsSetNull() {
    assertRows(deletedWhileReferredTo(child(OnDelete.SET_DEFAULT)), "t", "['c', NULL]");
    assertRows(deletedWhileReferredTo(child(OnDelete.SET_DEFAULT).notNull("p")), "t");
  }

  @Test
  void whatTheApplicationLeftDanglingStays() {
    for (OnDelete action : OnDelete.values()) {
      WrittenHistory history = new WrittenHistory(PARENT, child(action));
      LifeId parent = history.insert(A, "p", "x", 1);
      history.insert(A, "t", "c", "x");
      history.delete(A, parent);
      assertRows(history, "p");
      assertRows(history, "t", "['c', 'x']");
      assertEquals(Set.of(), history.oracle().held());
    }
  }

  @Test
  void aRowThatWasDeletedTooWasNotLeftDangling() {
    WrittenHistory history =
        new WrittenHistory(
            PARENT, natural("t", "p", "a").referring(Map.of("p", "p"), OnDelete.CASCADE));
    LifeId parent = history.insert(A, "p", "x", 1);
    LifeId child = history.insert(A, "t", "c", "x", 1);
    history.meet();
    history.delete(A, child);
    history.delete(A, parent);
    history.update(B, child, "a", 2);
    assertHeld(history, "t", "hidden", child);
  }

  @Test
  void aReferenceThatTheDeleterDidNotSeeWasNotLeftDangling() {
    WrittenHistory history = new WrittenHistory(PARENT, child(OnDelete.CASCADE));
    LifeId parent = history.insert(A, "p", "x", 1);
    LifeId child = history.insert(A, "t", "c", "x");
    history.with(RowExtras.NONE.withClaims(List.of(history.last()))).delete(A, parent);
    assertHeld(history, "t", "hidden", child);
  }

  @Test
  void whatRefersToNobodyStays() {
    WrittenHistory history = new WrittenHistory(PARENT, child(OnDelete.CASCADE));
    history.with(RowExtras.NONE.withReferences(Map.of(), Set.of(1))).insert(A, "t", "bare", "x");
    history.insert(A, "t", "unknown", "y");
    LifeId parent = history.insert(B, "p", "x", 1);
    history.delete(B, parent);
    assertRows(history, "t", "['bare', 'x']", "['unknown', 'y']");
  }

  @Test
  void hiddenRowsTakeNoPartInKeys() {
    WrittenHistory history = new WrittenHistory(PARENT, child(OnDelete.CASCADE));
    LifeId parent = history.insert(A, "p", "x", 1);
    LifeId first = history.insert(A, "t", "c", "x");
    LifeId second = history.insert(A, "t", "d", null);
    history.meet();
    history.move(A, first, "e");
    history.move(B, second, "e");
    assertRows(history, "t", "['d', NULL]", "['e', 'x']");
    history.update(C, first, "p", "x");
    history.delete(B, parent);
    assertRows(history, "p");
    assertRows(history, "t", "['e', NULL]");
  }

  @Test
  void referencesFollowARowThatShowsADerivedKey() {
    TableModel parent = TableModel.of("p", true, List.of("id"), List.of("a"));
    WrittenHistory history = new WrittenHistory(parent, child(OnDelete.CASCADE));
    history.insert(A, "p", 1, "first");
    LifeId second = history.insert(B, "p", 1, "second");
    history.with(RowExtras.NONE.withReferences(Map.of(1, second), Set.of())).insert(B, "t", "c", 1);
    String derived = history.rows("p").get(0).replaceAll("\\[(-\\d+), 'second'\\]", "$1");
    assertRows(history, "t", "['c', " + derived + "]");
  }

  @Test
  void whatRefersToAParkedRowIsHidden() {
    TableModel below = natural("u", "t").referring(Map.of("t", "t"), OnDelete.SET_NULL);
    TableModel lowest = natural("v", "u").referring(Map.of("u", "u"), OnDelete.SET_NULL);
    TableModel holder = natural("t", "name").unique(UniqueIndex.on("name"));
    WrittenHistory history = new WrittenHistory(holder, below, lowest);
    LifeId first = history.insert(A, "t", "a", "n");
    LifeId second = history.insert(B, "t", "b", "n");
    LifeId hidden = history.insert(B, "u", "c", "b");
    LifeId lower = history.insert(B, "v", "d", "c");
    assertHeld(history, "t", "parked", second);
    assertHeld(history, "u", "hidden", hidden);
    assertHeld(history, "v", "hidden", lower);
    history.meet();
    history.delete(C, first);
    assertRows(history, "t", "['b', 'n']");
    assertRows(history, "u", "['c', 'b']");
    assertRows(history, "v", "['d', 'c']");
  }

  @Test
  void deletesThatWinAreStillPinned() {
    TableModel parent = PARENT.under(TablePolicies.deletesWin());
    WrittenHistory history = new WrittenHistory(parent, child(OnDelete.RESTRICT));
    LifeId row = history.insert(A, "p", "x", 1);
    history.meet();
    history.delete(A, row);
    history.update(B, row, "a", 2);
    assertRows(history, "p");
    history.insert(B, "t", "c", "x");
    assertRows(history, "p", "['x', 2]");
  }
}
