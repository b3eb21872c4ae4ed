package dev.godwit.sync.internal.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.text.TextTransaction;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One row with one text on several replicas, each held twice: once as it is, once with its
 * beginning forgotten now and then. Both must always say the same.
 */
final class CompactedLives {
  private static final String BODY = "body";
  private static final RowKey KEY = RowKey.of(Value.of("n"));
  private static final List<KeyColumn> KEYS =
      List.of(new KeyColumn("id", KeyColumn.Collation.BINARY, null));
  private static final RowShape SHAPE = new RowShape("note", KEYS, List.of(BODY));
  private static final RowShape DELETE_SHAPE = new RowShape("note", KEYS, List.of());
  private static final LifeId LIFE = SHAPE.birthLife(KEY, RowExtras.NONE);
  private static final String[] WORDS = {"fox ", "a", "over the ", "\uD83E\uDD8A", "jumps"};

  private final Random random;
  private final List<Twin> twins = new ArrayList<>();
  private final Map<Dot, Written> log = new LinkedHashMap<>();
  private boolean neverRecalls;
  private boolean losesEdits;
  private boolean losesDependencies;
  private long forgotten;
  private long recalled;
  private int kept;

  /** One transaction. */
  private record Written(Dot dot, VersionVector dependencies, RowChange change) {}

  CompactedLives(Random random) {
    this.random = random;
    for (int i = 0; i < 3 + random.nextInt(2); i++) {
      twins.add(new Twin(i + 1));
    }
  }

  Twin twin(int index) {
    return twins.get(index);
  }

  /** Plants a fault: edits from below are merged without what they are relative to. */
  void neverRecalls(boolean planted) {
    neverRecalls = planted;
  }

  /** Plants a fault: the log leaves one edit out when it is asked for what was forgotten. */
  void logLosesEdits(boolean planted) {
    losesEdits = planted;
  }

  /** Plants a fault: the log says of every second edit that its author had seen nothing. */
  void logLosesDependencies(boolean planted) {
    losesDependencies = planted;
  }

  /** How often a text has forgotten something. */
  long forgotten() {
    return forgotten;
  }

  /** How often a text had to remember. */
  long recalled() {
    return recalled;
  }

  /** How often nothing was forgotten because the log did not give it back. */
  int kept() {
    return kept;
  }

  /** Does something at random. */
  void step() {
    Twin one = twins.get(random.nextInt(twins.size()));
    Twin other = twins.get(random.nextInt(twins.size()));
    switch (random.nextInt(10)) {
      case 0, 1, 2:
        one.receive(other);
        break;
      case 3, 4:
        one.forgetBelow(anyVersion(one));
        break;
      default:
        if (!one.state.isEmpty()) {
          one.writeSomething();
        }
    }
    one.check();
  }

  /** Right, wrong in one entry, or all that was applied. */
  private VersionVector anyVersion(Twin one) {
    if (random.nextInt(3) == 0) {
      return one.applied;
    }
    VersionVector version = one.applied;
    for (Twin other : twins) {
      if (random.nextInt(4) > 0) {
        VersionVector least = VersionVector.empty();
        for (ReplicaId replica : version.entries().keySet()) {
          long sequence = Math.min(version.sequence(replica), other.applied.sequence(replica));
          least = least.with(replica, sequence);
        }
        version = least;
      }
    }
    return version;
  }

  /** Everybody receives everything; then all show the same. */
  void exchangeAll() {
    for (int round = 0; round < 2; round++) {
      for (Twin one : twins) {
        twins.forEach(one::receive);
      }
    }
    twins.forEach(one -> assertEquals(twins.get(0).shown(), one.shown()));
  }

  private TextCompaction.Logged logged(TextCompaction.Edits wanted) {
    List<TextTransaction> edits = new ArrayList<>();
    for (Dot dot : wanted.edits()) {
      MergeOperation.Edits found = (MergeOperation.Edits) LifeState.operation(change(dot), 0);
      boolean lost = losesDependencies && dot.sequence() % 2 == 0;
      VersionVector seen = lost ? VersionVector.empty() : log.get(dot).dependencies();
      edits.add(new TextTransaction(dot, seen, found.operations()));
    }
    if (losesEdits) {
      edits.remove(0);
    }
    return new TextCompaction.Logged(change(wanted.base()).values().get(0), edits);
  }

  private RowChange change(Dot dot) {
    return log.get(dot).change();
  }

  /** One replica. */
  final class Twin {
    private final ReplicaId id;
    private VersionVector applied = VersionVector.empty();
    private final LifeState plain = LifeState.empty();
    private final LifeState state = LifeState.empty();

    private Twin(int number) {
      byte[] bytes = new byte[ReplicaId.LENGTH_BYTES];
      bytes[0] = (byte) number;
      id = ReplicaId.of(bytes);
    }

    VersionVector applied() {
      return applied;
    }

    String shown() {
      return shown(state).toString();
    }

    void insert(String text) {
      write(RowChange.Kind.INSERT, Value.of(text));
    }

    void edit(String text) {
      write(RowChange.Kind.UPDATE, Value.of(text));
    }

    private void writeSomething() {
      Value now = shown(plain);
      String text = now instanceof Value.Text shown ? shown.text() : "";
      int length = text.codePointCount(0, text.length());
      int from = text.offsetByCodePoints(0, random.nextInt(length + 1));
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, random.nextInt(Math.min(left, 5) + 1));
      String word = WORDS[random.nextInt(WORDS.length)];
      switch (random.nextInt(20)) {
        case 0:
          write(RowChange.Kind.UPDATE, Value.NULL);
          break;
        case 1:
          write(RowChange.Kind.INSERT, Value.of("anew"));
          break;
        case 2:
          write(RowChange.Kind.DELETE, null);
          break;
        case 3:
          // As under another policy: the value without an operation.
          log(RowChange.Kind.UPDATE, Value.of(text + word), RowExtras.NONE);
          break;
        default:
          edit(text.substring(0, from) + word + text.substring(to));
      }
    }

    private void write(RowChange.Kind kind, Value value) {
      RowExtras extras = RowExtras.NONE;
      if (kind == RowChange.Kind.UPDATE) {
        MergeOperation operation = operation(plain, value);
        MergeOperation same = operation(state, value);
        if (operation != null) {
          assertArrayEquals(operation.encode(), same.encode());
          extras = extras.withMerge(Map.of(1, operation.encode()));
        } else {
          assertEquals(null, same);
        }
      }
      log(kind, value, extras);
    }

    private void log(RowChange.Kind kind, Value value, RowExtras extras) {
      boolean delete = kind == RowChange.Kind.DELETE;
      HybridTimestamp time = HybridTimestamp.of(1_000 + random.nextInt(20), 0);
      RowChange change =
          new RowChange(
              delete ? DELETE_SHAPE : SHAPE,
              kind,
              LIFE,
              KEY,
              time,
              delete ? List.of() : List.of(value),
              List.of(),
              extras);
      Dot dot = new Dot(id, applied.sequence(id) + 1);
      Written written = new Written(dot, applied, change);
      log.put(dot, written);
      join(written);
    }

    private MergeOperation operation(LifeState in, Value value) {
      MergeState known = in.merged(BODY, MergeOperation.Type.TEXT);
      return MergeDifference.of(
          MergeOperation.Type.TEXT, known, in.siblings(BODY), shown(in), value);
    }

    /** Applies what another one has applied, in its order or one that respects causality too. */
    void receive(Twin other) {
      boolean progress = true;
      while (progress) {
        progress = false;
        for (Written one : log.values()) {
          boolean ready = applied.sequence(one.dot().replica()) == one.dot().sequence() - 1;
          if (ready && other.applied.covers(one.dot()) && applied.covers(one.dependencies())) {
            join(one);
            progress = true;
          }
        }
      }
    }

    private void join(Written one) {
      if (!neverRecalls) {
        for (TextCompaction.Edits needed :
            TextCompaction.neededBy(state, one.change(), one.dot(), one.dependencies())) {
          TextCompaction.recall(state, needed, logged(needed));
          recalled++;
        }
      }
      for (LifeState in : List.of(plain, state)) {
        in.merge(
            one.change(),
            one.dot(),
            one.dependencies(),
            Dominance.of(one.change(), one.dot(), one.dependencies()));
      }
      applied = applied.with(one.dot());
    }

    List<TextCompaction.Edits> forgettable(VersionVector stable) {
      return TextCompaction.forgettable(state, stable);
    }

    void forgetBelow(VersionVector stable) {
      Value before = state.isEmpty() ? null : shown(state);
      for (TextCompaction.Edits edits : forgettable(stable)) {
        boolean done = TextCompaction.forget(state, stable, edits, logged(edits));
        forgotten += done ? 1 : 0;
        kept += done ? 0 : 1;
      }
      assertEquals(before, state.isEmpty() ? null : shown(state));
      storeAndLoad();
    }

    private void storeAndLoad() {
      MergeState text = state.isEmpty() ? null : state.merged(BODY, MergeOperation.Type.TEXT);
      if (text != null) {
        EncodingWriter out = new EncodingWriter();
        text.write(out);
        MergeState read =
            MergeState.read(MergeOperation.Type.TEXT, new EncodingReader(out.toBytes()));
        state.restore(BODY, new ArrayList<>(List.of(read)));
      }
    }

    int sizeBytes() {
      EncodingWriter out = new EncodingWriter();
      state.merged(BODY, MergeOperation.Type.TEXT).write(out);
      return out.size();
    }

    private void check() {
      if (!state.isEmpty()) {
        assertEquals(shown(plain), shown(state));
      }
    }

    private static Value shown(LifeState in) {
      List<Version> siblings = in.siblings(BODY);
      MergeState known = in.merged(BODY, MergeOperation.Type.TEXT);
      Value merged = known == null ? null : known.shown(siblings);
      return merged == null ? siblings.get(siblings.size() - 1).value() : merged;
    }
  }
}
