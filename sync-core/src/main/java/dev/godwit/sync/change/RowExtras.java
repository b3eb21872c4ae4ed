package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  public RowExtras withBirthNumber(int number) {
    return new RowExtras(
        number,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        claims,
        witness,
        merge,
        origins,
        settled);
  }

  public RowExtras withKeyBefore(RowKey key) {
    return new RowExtras(
        birthNumber,
        key,
        references,
        bare,
        unseen,
        basedOn,
        claims,
        witness,
        merge,
        origins,
        settled);
  }

  public RowExtras withReferences(Map<Integer, LifeId> lives, Set<Integer> bareOnes) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        lives,
        bareOnes,
        unseen,
        basedOn,
        claims,
        witness,
        merge,
        origins,
        settled);
  }

  public RowExtras withUnseen(List<Dot> dots) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        references,
        bare,
        dots,
        basedOn,
        claims,
        witness,
        merge,
        origins,
        settled);
  }

  public RowExtras withMerge(Map<Integer, byte[]> operations) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        claims,
        witness,
        operations,
        origins,
        settled);
  }

  public RowExtras withClaims(List<Dot> dots) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        dots,
        witness,
        merge,
        origins,
        settled);
  }

  public RowExtras withOrigins(Map<Integer, LifeId> lives) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        claims,
        witness,
        merge,
        lives,
        settled);
  }

  public RowExtras withSettled(Map<String, List<Dot>> dots) {
    return new RowExtras(
        birthNumber,
        keyBefore,
        references,
        bare,
        unseen,
        basedOn,
        claims,
        witness,
        merge,
        origins,
        dots);
  }
}
