package dev.godwit.tests.bench.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.crdt.text.TextHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sessions of the benchmark end with the text they ended with when they were recorded. */
class RecordedSessionTest {
  @Test
  void sessionsOfOneWriterEndWithTheirText() throws Exception {
    for (EditingTrace trace : traces(false)) {
      TextReplay replay = new TextReplay(trace);
      assertEquals(trace.endContent(), replay.type().text(), trace.name());
      byte[] encoded = replay.type().encode();
      assertEquals(trace.endContent(), TextHistory.decode(encoded).text(), trace.name());
    }
  }

  @Test
  void sessionsOfSeveralWritersEndWithTheirText() throws Exception {
    for (EditingTrace trace : traces(true)) {
      TextHistory history = new TextReplay(trace).replay();
      assertEquals(trace.endContent(), history.text(), trace.name());
      TextHistory decoded = TextHistory.decode(history.encode());
      assertEquals(trace.endContent(), decoded.text(), trace.name());
      assertArrayEquals(history.encodeUncompressed(), decoded.encodeUncompressed(), trace.name());
    }
  }

  private static List<EditingTrace> traces(boolean concurrent) throws Exception {
    Path folder =
        Path.of(System.getProperty("godwit.root", "."))
            .resolve(System.getProperty("godwit.data", "../shared/data"));
    List<EditingTrace> traces = new ArrayList<>();
    for (Path file : EditingTrace.files(folder)) {
      EditingTrace trace = EditingTrace.read(file);
      if (trace.concurrent() == concurrent) {
        traces.add(trace);
      }
    }
    assumeTrue(
        !traces.isEmpty(),
        () ->
            "no recorded session in "
                + folder.toAbsolutePath().normalize()
                + ": try -Dgodwit.data=DIR");
    return traces;
  }
}
