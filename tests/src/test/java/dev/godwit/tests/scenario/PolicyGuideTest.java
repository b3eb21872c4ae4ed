package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.policy.ResolverKit;
import dev.godwit.sync.policy.Sibling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the guide to policies does what the guide says. */
class PolicyGuideTest {
  private static final Guide GUIDE = Guide.named("POLICIES.md");

  @TempDir Path folder;

  static Resolver longest() {
    Resolver longest =
        (base, siblings) -> {
          Value result = siblings.get(0).value();
          for (Sibling sibling : siblings) {
            if (sibling.value().toString().length() > result.toString().length()) {
              result = sibling.value();
            }
          }
          return result;
        };
    ResolverKit.of(longest).check();
    return longest;
  }

  @TestFactory
  Stream<DynamicTest> everyExampleShowsWhatTheGuideSays() throws IOException {
    return GUIDE.tests(14, folder);
  }

  @Test
  void theResolverOfTheGuideIsTheOneThatIsRun() throws IOException {
    Path source = Path.of("src/test/java/dev/godwit/tests/scenario/PolicyGuideTest.java");
    String code =
        Files.readString(Files.exists(source) ? source : Path.of("tests").resolve(source))
            .replaceAll("\\s+", "");
    String shown = String.join("", GUIDE.examples("java").get(1).lines()).replaceAll("\\s+", "");
    assertTrue(code.contains(shown), shown);
  }
}
