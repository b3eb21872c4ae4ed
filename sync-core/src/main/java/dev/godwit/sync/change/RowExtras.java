package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The parts of a row change that most do not have.
 *
 * <p>Maps are keyed by column position (see {@link RowChange}).
 *
 * @param birthNumber for an insert under a surrogate key its number among those of the transaction
 *     (see {@link LifeId#surrogate}), else {@link #NOT_NUMBERED}
 * @param keyBefore the key before an update of the key, null when it did not change
 * @param references lives that reference columns refer to, where they are not the one born under
 *     the column's value
 * @param bare reference columns whose value was no row's key when it was written
 * @param unseen versions that the dependencies cover but the writer's table did not show
 * @param basedOn versions that the writer had on its screen, when it said so; everything else
 *     counts as unseen
 * @param claims of a write: rows out of the table that want the key or the unique values that it
 *     takes; of a delete: who wrote references to the row that the author's tables did not show
 * @param witness the writer's values of the other columns of the same CHECK
 * @param merge what a merge column needs besides the value: a {@link MergeOperation}, encoded
 * @param origins for the parent column of a tree the life to which it referred before the write;
 *     none where that was the root
 * @param settled by unit, "" for the whole row: the versions of which the write takes the place and
 *     which conflicted where it was made
 */
public record RowExtras(
    int birthNumber,
    RowKey keyBefore,
    Map<Integer, LifeId> references,
    Set<Integer> bare,
    List<Dot> unseen,
    List<Dot> basedOn,
    List<Dot> claims,
    Map<String, Value> witness,
    Map<Integer, byte[]> merge,
    Map<Integer, LifeId> origins,
    Map<String, List<Dot>> settled) {
  /** The birth number of a change that bears no surrogate life. */
  public static final int NOT_NUMBERED = -1;

  /** Nothing besides. */
  public static final RowExtras NONE =
      new RowExtras(
          NOT_NUMBERED,
          null,
          Map.of(),
          Set.of(),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of());

  public RowExtras {
    references = Map.copyOf(references);
    bare = Set.copyOf(bare);
    unseen = List.copyOf(unseen);
    basedOn = List.copyOf(basedOn);
    claims = List.copyOf(claims);
    witness = Map.copyOf(witness);
    merge = Map.copyOf(merge);
    origins = Map.copyOf(origins);
    settled = Map.copyOf(settled);
  }

  /** The parts while some of them are replaced. */
  private static final class Parts {
    private int birthNumber;
    private RowKey keyBefore;
    private Map<Integer, LifeId> references;
    private Set<Integer> bare;
    private List<Dot> unseen;
    private List<Dot> basedOn;
    private List<Dot> claims;
    private Map<String, Value> witness;
    private Map<Integer, byte[]> merge;
    private Map<Integer, LifeId> origins;
    private Map<String, List<Dot>> settled;
  }

  private RowExtras with(Consumer<Parts> change) {
    Parts parts = new Parts();
    parts.birthNumber = birthNumber;
    parts.keyBefore = keyBefore;
    parts.references = references;
    parts.bare = bare;
    parts.unseen = unseen;
    parts.basedOn = basedOn;
    parts.claims = claims;
    parts.witness = witness;
    parts.merge = merge;
    parts.origins = origins;
    parts.settled = settled;
    change.accept(parts);
    return new RowExtras(
        parts.birthNumber,
        parts.keyBefore,
        parts.references,
        parts.bare,
        parts.unseen,
        parts.basedOn,
        parts.claims,
        parts.witness,
        parts.merge,
        parts.origins,
        parts.settled);
  }

  public RowExtras withBirthNumber(int number) {
    return with(parts -> parts.birthNumber = number);
  }

  public RowExtras withKeyBefore(RowKey key) {
    return with(parts -> parts.keyBefore = key);
  }

  public RowExtras withReferences(Map<Integer, LifeId> lives, Set<Integer> bareOnes) {
    return with(
        parts -> {
          parts.references = lives;
          parts.bare = bareOnes;
        });
  }

  public RowExtras withUnseen(List<Dot> dots) {
    return with(parts -> parts.unseen = dots);
  }

  public RowExtras withMerge(Map<Integer, byte[]> operations) {
    return with(parts -> parts.merge = operations);
  }

  public RowExtras withClaims(List<Dot> dots) {
    return with(parts -> parts.claims = dots);
  }

  public RowExtras withOrigins(Map<Integer, LifeId> lives) {
    return with(parts -> parts.origins = lives);
  }

  public RowExtras withSettled(Map<String, List<Dot>> dots) {
    return with(parts -> parts.settled = dots);
  }
}
