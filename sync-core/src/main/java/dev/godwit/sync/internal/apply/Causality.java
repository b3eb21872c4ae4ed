package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of two transactions in the log covers the other one: read from the log, for the rare cases
 * where the state does not tell.
 */
final class Causality {
  private final EnvelopeTable log;
  private final Replicas replicas;
  private final Map<Dot, VersionVector> known = new HashMap<>();

  Causality(EnvelopeTable log, Replicas replicas) {
    this.log = log;
    this.replicas = replicas;
  }

  /**
   * What stands of a row: deletes, and edits that no other one of them has overtaken: states may
   * hold the dots of such edits longer than they stand.
   */
  List<Presence> withoutOvertakenEdits(List<Presence> presences) {
    List<Presence> kept = new ArrayList<>(presences);
    if (presences.stream().filter(Presence::present).count() > 1) {
      kept.removeIf(
          one ->
              one.present()
                  && presences.stream()
                      .anyMatch(other -> overtakes(other.dot(), other.present(), one.dot())));
    }
    return kept;
  }

  private boolean overtakes(Dot other, boolean present, Dot one) {
    return present && !other.equals(one) && dependencies(other).covers(one);
  }

  /** Whether a transaction had seen another one, or is the same. */
  boolean saw(Dot later, Dot earlier) {
    return later.equals(earlier) || dependencies(later).covers(earlier);
  }

  /** Whether a transaction had seen another one. */
  boolean covers(Dot later, Dot earlier) {
    return dependencies(later).covers(earlier);
  }

  /** Takes note of what a transaction depends on that may not be in the log yet. */
  void joins(Dot dot, VersionVector dependencies) {
    known.put(dot, dependencies);
  }

  /** Forgets what was noted, once it is in the log. */
  void forget() {
    known.clear();
  }

  /** What a transaction that is applied depends on. */
  private VersionVector dependencies(Dot dot) {
    VersionVector dependencies = known.get(dot);
    if (dependencies == null) {
      dependencies = read(dot);
      known.put(dot, dependencies);
    }
    return dependencies;
  }

  private VersionVector read(Dot dot) {
    Replicas.Entry entry = replicas.of(dot.replica());
    if (entry.sequence() == dot.sequence()) {
      return entry.dependencies();
    }
    Deque<Dot> chain = new ArrayDeque<>();
    long sequence = dot.sequence();
    chain.push(dot);
    while (sequence > 1 && !isWhole(new Dot(dot.replica(), sequence))) {
      sequence--;
      chain.push(new Dot(dot.replica(), sequence));
    }
    VersionVector dependencies = VersionVector.empty();
    for (Dot one : chain) {
      dependencies = read(one, dependencies).header().dependencies();
    }
    return dependencies;
  }

  private boolean isWhole(Dot dot) {
    return read(dot, VersionVector.empty()).dependenciesAreWhole();
  }

  private TransactionBodyReader read(Dot dot, VersionVector before) {
    try (InputStream body = log.body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, before)) {
      return reader;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
    }
  }
}
