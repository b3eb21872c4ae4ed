package dev.godwit.sync.policy;

import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * An application's own rule for the concurrent values of one column, registered by name ({@code
 * Replica.builder(..).resolver("name", resolver)}) and declared with {@link ColumnPolicy#custom}.
 *
 * <p>The laws: a resolver is a function of its arguments alone (no clock, no randomness, no
 * database, no state of its own), it is the same on every device that has it, it does not change
 * its arguments, and it returns a value for whatever it is given; {@code ResolverKit} in the test
 * jar checks them. It runs inside Godwit's write transaction: it must be quick and must not use the
 * replica.
 *
 * <p>Its result is sealed as an ordinary write that has seen all siblings. Should two devices come
 * to different results all the same, the later one is shown, on all devices alike. When it throws,
 * the last writer's value stays shown, the conflict stays open, and the sync reports it.
 */
@FunctionalInterface
public interface Resolver {
  /**
   * The value to be shown.
   *
   * @param base the value before the earliest of the siblings was written, null when it is not
   *     known
   * @param siblings two or more writes, none of whose authors had seen another's; the last writer's
   *     is the last
   */
  Value resolve(Value base, List<Sibling> siblings);
}
