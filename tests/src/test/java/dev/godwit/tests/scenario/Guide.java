package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** A page of the library's documentation whose examples can be run. */
final class Guide {
  private final Path file;

  private Guide(Path file) {
    this.file = file;
  }

  static Guide named(String name) {
    Path fromModule = Path.of("../sync-core", name);
    return new Guide(Files.exists(fromModule) ? fromModule : Path.of("sync-core", name));
  }

  /** One fenced block, and the heading that it stands under. */
  record Example(String heading, List<String> lines) {}

  List<Example> examples(String language) throws IOException {
    List<Example> examples = new ArrayList<>();
    String heading = "";
    List<String> block = null;
    for (String line : Files.readAllLines(file)) {
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

  /**
   * A test for each example in SQL.
   *
   * @param count how many there are: one that is not read is none that holds
   */
  Stream<DynamicTest> tests(int count, Path folder) throws IOException {
    List<Example> examples = examples("sql");
    assertEquals(count, examples.size(), "examples on the page");
    return examples.stream()
        .map(example -> DynamicTest.dynamicTest(example.heading(), () -> run(example, folder)));
  }

  /** Runs one: what it says is shown must be. */
  void run(Example example, Path folder) throws IOException {
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
          List<String> expected = new ArrayList<>();
          while (i + 1 < example.lines().size() && isResult(example.lines().get(i + 1))) {
            expected.add(example.lines().get(++i).substring(3));
          }
          for (Device device : both) {
            assertEquals(expected, Sqlite.text(device.path(), line.substring(9)), device.name());
          }
        } else if (line.startsWith("-- open conflicts ")) {
          for (Device device : both) {
            assertEquals(
                line.substring(18), "" + device.replica().openConflicts().size(), device.name());
          }
        } else if (line.equals("BEGIN;")) {
          int end = example.lines().subList(i, example.lines().size()).indexOf("COMMIT;") + i;
          writer.clock().at(millis++);
          writer.write(example.lines().subList(i + 1, end).toArray(new String[0]));
          i = end;
        } else if (writer != null) {
          writer.clock().at(millis++);
          writer.write(line);
        }
      }
    }
  }

  private static boolean isResult(String line) {
    return line.startsWith("-- ")
        && !line.equals("-- a")
        && !line.equals("-- b")
        && !line.equals("-- sync")
        && !line.startsWith("-- shows ")
        && !line.startsWith("-- open conflicts ");
  }

  /** A device with the tables of an example, and its policies. */
  private static Device device(Devices devices, String name, Example example, int everywhere) {
    List<String> schema =
        example.lines().subList(everywhere + 1, example.lines().size()).stream()
            .takeWhile(line -> line.startsWith("CREATE TABLE "))
            .toList();
    List<String> tables = schema.stream().map(line -> line.split("[ (]")[2]).toList();
    String table = tables.get(0);
    return devices.device(
        name,
        String.join("", schema),
        table,
        set -> {
          set.track(tables.toArray(new String[0]));
          ReplicaBuilder builder =
              name.equals("a") ? set.resolver("longest", PolicyGuideTest.longest()) : set;
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
