package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.policy.ResolverKit;
import dev.godwit.sync.policy.Sibling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the guide to policies does what the guide says. */
class PolicyGuideTest {
  private static final Path GUIDE = guide();

  @TempDir Path folder;

  private static Path guide() {
    Path fromModule = Path.of("../sync-core/POLICIES.md");
    return Files.exists(fromModule) ? fromModule : Path.of("sync-core/POLICIES.md");
  }

  private static Resolver longest() {
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

  /** One fenced block, and the heading that it stands under. */
  private record Example(String heading, List<String> lines) {}

  private static List<Example> examples(String language) throws IOException {
    List<Example> examples = new ArrayList<>();
    String heading = "";
    List<String> block = null;
    for (String line : Files.readAllLines(GUIDE)) {
      heading = line.startsWith("#") ? line : heading;
      if (line.equals("```" + language)) {
        block = new ArrayList<>();
      } else if (line.equals("```") && block != null) {
        examples.add(new Example(heading, block));
        block = null;
      } else if (block != null) {
        block.add(line);
      }
    }
    return examples;
  }

  @TestFactory
  Stream<DynamicTest> everyExampleShowsWhatTheGuideSays() throws IOException {
    List<Example> examples = examples("sql");
    assertEquals(11, examples.size(), "examples in the guide");
    return examples.stream()
        .map(example -> DynamicTest.dynamicTest(example.heading(), () -> run(example)));
  }

  @Test
  void theResolverOfTheGuideIsTheOneThatIsRun() throws IOException {
    Path source = Path.of("src/test/java/dev/godwit/tests/scenario/PolicyGuideTest.java");
    String code =
        Files.readString(Files.exists(source) ? source : Path.of("tests").resolve(source))
            .replaceAll("\\s+", "");
    String shown = String.join("", examples("java").get(1).lines()).replaceAll("\\s+", "");
    assertTrue(code.contains(shown), shown);
  }

  private void run(Example example) throws IOException {
    Path place = Files.createTempDirectory(folder, "example");
    try (Devices devices = new Devices(place)) {
      Device[] both = new Device[2];
      Device writer = null;
      long millis = 4_000_000_000_000L;
      for (int i = 0; i < example.lines().size(); i++) {
        String line = example.lines().get(i);
        if (line.startsWith("-- policy ")) {
          continue;
        } else if (line.equals("-- everywhere")) {
          both[0] = device(devices, "a", example, i);
          both[1] = device(devices, "b", example, i);
          devices.syncAll();
        } else if (line.equals("-- sync")) {
          devices.syncAll();
        } else if (line.equals("-- a") || line.equals("-- b")) {
          writer = both[line.charAt(3) - 'a'];
        } else if (line.startsWith("-- shows ")) {
          devices.syncAll();
          String expected = example.lines().get(++i).substring(3);
          for (Device device : both) {
            assertEquals(expected, device.value(line.substring(9)), device.name());
          }
        } else if (line.startsWith("-- open conflicts ")) {
          for (Device device : both) {
            assertEquals(
                line.substring(18), "" + device.replica().openConflicts().size(), device.name());
          }
        } else if (writer != null) {
          writer.clock().at(millis++);
          writer.write(line);
        }
      }
    }
  }

  /** A device with the table of an example, and its policies. */
  private static Device device(Devices devices, String name, Example example, int everywhere) {
    String schema = example.lines().get(everywhere + 1);
    String table = schema.split("[ (]")[2];
    return devices.device(
        name,
        schema,
        table,
        set -> {
          ReplicaBuilder builder = name.equals("a") ? set.resolver("longest", longest()) : set;
          for (String line : example.lines().subList(0, everywhere)) {
            String[] words = line.substring("-- policy ".length()).split(" ", 2);
            if (words[0].endsWith(".")) {
              builder.policy(table, ExistencePolicy.parse(words[1]));
            } else {
              builder.policy(words[0], ColumnPolicy.parse(words[1]));
            }
          }
          return builder;
        });
  }
}
