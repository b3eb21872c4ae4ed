package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Databases and schemas that were not made for this project, in the folder given by {@code
 * -Dgodwit.data}: tracked whole on several devices, edited at random by other programs, exchanged.
 */
class RealDataTest {
  private static final int ROUNDS = 2;
  private static final int STEPS = 60;

  @TempDir Path folder;
  private final long seed = Long.getLong("godwit.seed", System.nanoTime());
  private Devices devices;

  @AfterEach
  void close() {
    if (devices != null) {
      devices.close();
    }
  }

  @Test
  void wholeDatabasesStayEqualUnderRandomEditsOfThreeDevices() throws IOException, SQLException {
    for (Path file : files("", ".sqlite")) {
      devices = new Devices(Files.createDirectory(folder.resolve(file.getFileName())));
      List<Device> all = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        Path copy = folder.resolve(file.getFileName()).resolve(name + ".db");
        Files.copy(file, copy);
        all.add(devices.open(name, copy));
      }
      String[] tables = trackable(all.get(0));
      long rows = all.get(0).count(tables[0]);
      all.forEach(device -> device.replica().track(tables));
      devices.syncAll();
      assertEquals(
          rows, all.get(2).count(tables[0]), "the same rows on all devices are the same rows");
      assertEquals(List.of(), all.get(0).conflicts());
      work(all, List.of(tables), true);
    }
  }

  @Test
  void aWholeDatabaseReachesAnEmptyDeviceThatThenTakesPart() throws IOException, SQLException {
    for (Path file : files("", ".sqlite")) {
      devices = new Devices(Files.createDirectory(folder.resolve(file.getFileName())));
      Path copy = folder.resolve(file.getFileName()).resolve("a.db");
      Files.copy(file, copy);
      Device full = devices.open("a", copy);
      String[] tables = trackable(full);
      full.replica().track(tables);
      List<String> schema =
          Sqlite.text(
              copy,
              "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'godwit%' AND name NOT LIKE 'sqlite%' AND type = 'table'");
      Device empty = devices.device("b", String.join(";", schema), tables);
      devices.syncAll();
      work(List.of(full, empty), List.of(tables), true);
    }
  }

  @Test
  void schemasStayEqualUnderRandomEdits() throws IOException, SQLException {
    for (Path file : files("schemas", ".sql")) {
      devices = new Devices(Files.createDirectory(folder.resolve(file.getFileName())));
      String schema = Files.readString(file, StandardCharsets.UTF_8);
      Device first = devices.device("a", schema);
      String[] tables = trackable(first);
      List<Device> all = new ArrayList<>(List.of(first));
      first.replica().track(tables);
      // What the script itself inserts has defaults of its own on every device: one is the seed.
      for (String name : List.of("b", "c")) {
        Device device = devices.device(name, schema);
        for (int i = tables.length - 1; i >= 0; i--) {
          device.sql("DELETE FROM \"" + tables[i] + '"');
        }
        for (String table : tables) {
          device.sql("DELETE FROM \"" + table + '"');
        }
        device.replica().track(tables);
        all.add(device);
      }
      devices.syncAll();
      boolean hasTriggers =
          !first
              .value(
                  "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'godwit%'")
              .equals("0");
      work(all, List.of(tables), !hasTriggers);
    }
  }

  private void work(List<Device> all, List<String> tables, boolean nothingHidden)
      throws SQLException {
    Random random = new Random(seed);
    SchemaWork work = new SchemaWork(all.get(0).path(), tables, random);
    for (int round = 0; round < ROUNDS; round++) {
      work.begin(all.get(0).path());
      for (Device device : all) {
        try (Connection connection = Sqlite.connect(device.path());
            Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA foreign_keys = ON");
          for (int step = 0; step < STEPS; step++) {
            work.work(device.name(), connection);
            if (step % 20 == 7) {
              device.replica().seal();
            }
          }
        }
      }
      devices.syncAll();
      List<String> expectations = work.expectations();
      if (nothingHidden) {
        assertFalse(expectations.isEmpty());
        for (Device device : all) {
          for (String query : expectations) {
            assertEquals(
                1,
                Sqlite.text(device.path(), query).size(),
                "seed " + seed + ": lost on " + device.name() + ": " + query);
          }
        }
      }
      for (Device device : all) {
        assertEquals(List.of(), device.masked(), "seed " + seed);
        assertTrue(device.sequence() > 0);
      }
    }
  }

  private static String[] trackable(Device device) {
    List<String> tables = new ArrayList<>();
    dev.godwit.sync.Replica.candidates(new FastSqlite(device.path()))
        .forEach(
            candidate -> {
              if (candidate.obstacle().isEmpty()) {
                tables.add(candidate.name());
              }
            });
    return tables.toArray(new String[0]);
  }

  private static List<Path> files(String under, String suffix) throws IOException {
    Path data =
        Path.of(System.getProperty("godwit.root", "."))
            .resolve(System.getProperty("godwit.data", "../shared/data"))
            .resolve(under);
    List<Path> files = List.of();
    if (Files.isDirectory(data)) {
      try (Stream<Path> found = Files.list(data)) {
        files = found.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
      }
    }
    assumeTrue(
        !files.isEmpty(),
        "no *" + suffix + " in " + data.toAbsolutePath().normalize() + ": try -Dgodwit.data=DIR");
    return files;
  }
}
