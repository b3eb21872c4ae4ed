package dev.godwit.sync.policy;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The kit passes what keeps the laws, and finds each law broken. */
class ResolverKitTest {
  private static Value last(java.util.List<Sibling> siblings) {
    return siblings.get(siblings.size() - 1).value();
  }

  private static void finds(String law, ResolverKit kit) {
    AssertionError error = assertThrows(AssertionError.class, kit::check);
    assertTrue(error.getMessage().contains(law), error.getMessage());
    assertTrue(error.getMessage().contains("seed"), error.getMessage());
  }

  @Test
  void aLawfulResolverPasses() {
    ResolverKit.of((base, siblings) -> last(siblings)).check();
    ResolverKit.of((base, siblings) -> Value.of(siblings.size())).siblingsInAnyOrder().check();
  }

  @Test
  void aResolverThatRemembersIsFound() {
    AtomicInteger calls = new AtomicInteger();
    finds(
        "whatever was resolved before",
        ResolverKit.of((base, siblings) -> Value.of(calls.incrementAndGet())));
  }

  @Test
  void aResolverThatThrowsOnAStorageClassIsFound() {
    finds(
        "it threw",
        ResolverKit.of((base, siblings) -> Value.of(((Value.Text) last(siblings)).text())));
    ResolverKit.of((base, siblings) -> Value.of(((Value.Text) last(siblings)).text()))
        .values(Value.of("a"), Value.of("b"))
        .check();
  }

  @Test
  void aResolverWithoutAnAnswerIsFound() {
    finds("got null", ResolverKit.of((base, siblings) -> base));
  }

  @Test
  void aResolverThatWritesIntoItsArgumentsIsFound() {
    finds(
        "stay as they are",
        ResolverKit.of(
            (base, siblings) -> {
              for (Sibling sibling : siblings) {
                if (sibling.value() instanceof Value.Blob blob) {
                  blob.bytes()[0] = 7;
                }
              }
              return last(siblings);
            }));
  }

  @Test
  void aResolverThatLooksAtTheOrderIsFoundWhereItMustNot() {
    finds(
        "in another order",
        ResolverKit.of((base, siblings) -> last(siblings)).siblingsInAnyOrder());
  }
}
