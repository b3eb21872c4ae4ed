package dev.godwit.tests.bench.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.text.TextDocument;
import dev.godwit.crdt.text.TextHistory;
import dev.godwit.crdt.text.TextOperation;
import dev.godwit.crdt.text.TextTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Replays a trace with the text type under test. */
final class TextReplay {
  private final EditingTrace trace;
  private final List<TextTransaction> transactions;

  TextReplay(EditingTrace trace) {
    this.trace = trace;
    transactions = trace.concurrent() ? transactions(trace) : List.of();
  }

  /**
   * One call a patch when there is one agent; one call a transaction, as it arrives, when there are
   * several.
   */
  TextHistory replay() {
    TextHistory history = new TextHistory();
    for (TextTransaction transaction : transactions) {
      history.apply(transaction);
    }
    return history;
  }

  /** One call a patch, as the author of all. */
  TextDocument type() {
    TextDocument document = new TextDocument(replica(0));
    for (EditingTrace.Transaction transaction : trace.transactions()) {
      for (EditingTrace.Patch patch : transaction.patches()) {
        document.replace(patch.position(), patch.deleteCount(), patch.insert());
      }
    }
    return document;
  }

  /**
   * As {@link #type}, with each patch a transaction of its own, as an application does that sends
   * every keystroke.
   */
  TextDocument typeAndSeal() {
    TextDocument document = new TextDocument(replica(0));
    for (EditingTrace.Transaction transaction : trace.transactions()) {
      for (EditingTrace.Patch patch : transaction.patches()) {
        document.replace(patch.position(), patch.deleteCount(), patch.insert());
        document.seal();
      }
    }
    return document;
  }

  Measurement measureSealed(String system) throws Exception {
    byte[] encoded = typeAndSeal().encode();
    requireEnd(TextHistory.decode(encoded).text());
    double replayMillis = Measurement.medianMillis(this::typeAndSeal);
    double loadMillis = Measurement.medianMillis(() -> TextHistory.decode(encoded).text());
    return new Measurement(
        system,
        trace.name(),
        replayMillis,
        encoded.length,
        loadMillis,
        heapBytes(this::typeAndSeal));
  }

  Measurement measure(String system) throws Exception {
    byte[] encoded = trace.concurrent() ? replay().encode() : type().encode();
    requireEnd(trace.concurrent() ? replay().text() : type().text());
    requireEnd(TextHistory.decode(encoded).text());
    double replayMillis = Measurement.medianMillis(trace.concurrent() ? this::replay : this::type);
    double loadMillis = Measurement.medianMillis(() -> TextHistory.decode(encoded).text());
    return new Measurement(
        system,
        trace.name(),
        replayMillis,
        encoded.length,
        loadMillis,
        heapBytes(trace.concurrent() ? this::replay : this::type));
  }

  private static long heapBytes(Supplier<Object> document) {
    long before = usedBytes();
    Object kept = document.get();
    long after = usedBytes();
    return kept == null ? -1 : Math.max(0, after - before);
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void requireEnd(String text) {
    if (!text.equals(trace.endContent())) {
      throw new IllegalStateException(
          "expected the end content of " + trace.name() + " but got another text");
    }
  }

  private static List<TextTransaction> transactions(EditingTrace trace) {
    List<TextTransaction> transactions = new ArrayList<>();
    long[] sequences = new long[trace.agentCount()];
    for (EditingTrace.Transaction transaction : trace.transactions()) {
      VersionVector dependencies = VersionVector.empty();
      for (int parent : transaction.parents()) {
        TextTransaction before = transactions.get(parent);
        dependencies = dependencies.join(before.dependencies()).with(before.dot());
      }
      List<TextOperation> operations = new ArrayList<>();
      for (EditingTrace.Patch patch : transaction.patches()) {
        operations.add(new TextOperation(patch.position(), patch.deleteCount(), patch.insert()));
      }
      Dot dot = new Dot(replica(transaction.agent()), ++sequences[transaction.agent()]);
      transactions.add(new TextTransaction(dot, dependencies, operations));
    }
    return transactions;
  }

  private static ReplicaId replica(int agent) {
    byte[] id = new byte[ReplicaId.LENGTH_BYTES];
    id[ReplicaId.LENGTH_BYTES - 1] = (byte) (agent + 1);
    id[0] = (byte) 0x80;
    return ReplicaId.of(id);
  }
}
