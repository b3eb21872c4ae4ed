package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the page on constraints shows what the page says. */
class ConstraintGuideTest {
  private static final Guide GUIDE = Guide.named("CONSTRAINTS.md");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> everyExampleShowsWhatThePageSays() throws IOException {
    List<Guide.Example> examples = GUIDE.examples("sql");
    assertEquals(7, examples.size(), "examples on the page");
    return examples.stream()
        .map(
            example ->
                DynamicTest.dynamicTest(example.heading(), () -> GUIDE.run(example, folder)));
  }
}
