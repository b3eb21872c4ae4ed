package dev.godwit.tests.bench.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.crdt.text.TextHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The recorded sessions of the benchmark end with the text they ended with when they were recorded.
 */
class RecordedSessionTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("godwit.root", "."))
          .resolve(System.getProperty("godwit.data", "../shared/data"))
          .resolve("editing-traces");

  @Test
  void sessionsOfOneWriterEndWithTheirText() throws Exception {
    for (String name : List.of("sveltecomponent", "rustcode")) {
      EditingTrace trace = read(name + ".json.gz");
      TextReplay replay = new TextReplay(trace);
      assertEquals(trace.endContent(), replay.type().text(), name);
      byte[] encoded = replay.type().encode();
      assertEquals(trace.endContent(), TextHistory.decode(encoded).text(), name);
    }
  }

  @Test
  void sessionsOfSeveralWritersEndWithTheirText() throws Exception {
    for (String name : List.of("friendsforever", "clownschool")) {
      EditingTrace trace = read("concurrent/" + name + ".json.gz");
      TextHistory history = new TextReplay(trace).replay();
      assertEquals(trace.endContent(), history.text(), name);
      TextHistory decoded = TextHistory.decode(history.encode());
      assertEquals(trace.endContent(), decoded.text(), name);
      assertArrayEquals(history.encodeUncompressed(), decoded.encodeUncompressed(), name);
    }
  }

  private static EditingTrace read(String name) throws Exception {
    Path file = FOLDER.resolve(name);
    assumeTrue(
        Files.isRegularFile(file),
        () ->
            "no recorded session " + file.toAbsolutePath().normalize() + ": try -Dgodwit.data=DIR");
    return EditingTrace.read(file);
  }
}
