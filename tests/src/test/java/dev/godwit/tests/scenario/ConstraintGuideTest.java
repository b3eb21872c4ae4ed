package dev.godwit.tests.scenario;

import java.io.IOException;
import java.nio.file.Path;
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
    return GUIDE.tests(10, folder);
  }
}
