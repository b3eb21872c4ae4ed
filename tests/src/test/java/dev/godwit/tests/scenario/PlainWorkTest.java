package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.policy.ColumnPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No value that anybody wrote is gone unsaid: it stands, or it is listed as a side of a conflict,
 * or somebody wrote another or deleted its row to whom it was shown or listed.
 */
class PlainWorkTest {
  private static final List<ColumnPolicy> POLICIES =
      List.of(
          ColumnPolicy.lastWriterWins(),
          ColumnPolicy.lastWriterWins(),
          ColumnPolicy.manual(),
          ColumnPolicy.max(),
          ColumnPolicy.min(),
          ColumnPolicy.replicaPriority("b", "c", "a"));

  @TempDir Path folder;

  /**
   * What a row shows.
   *
   * @param listed what is listed beside it
   */
  private record Shown(List<String> values, List<String> listed) {}

  private static final class Work extends FormWork<Shown> {
    private static final String LISTED = "SELECT value FROM godwit_conflict";
    private static final List<String> COLUMNS = List.of("v", "w");

    private final ColumnPolicy policy;
    private final Map<String, String> written = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();

    private Work(Random random) {
      super(random);
      policy = oneOf(POLICIES);
    }

    @Override
    Device open(Devices all, String name) {
      return all.device(
          name,
          "CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT, v, w)",
          "t",
          set -> set.policy("t.v", policy));
    }

    @Override
    void begin(Device device) {
      device.write(insert(device));
      device.write(insert(device));
    }

    private String insert(Device device) {
      return "INSERT OR IGNORE INTO t (who, v, w) VALUES ('row %d', '%s', '%s')"
          .formatted(next(), value(device), value(device));
    }

    private String value(Device device) {
      String value = "value " + (1000 + next());
      written.put(value, device.name());
      return value;
    }

    @Override
    Shown shown(Device device, String who) {
      List<String> values = new ArrayList<>();
      for (String column : COLUMNS) {
        values.add(device.value("SELECT " + column + " FROM t" + where(who)));
      }
      return new Shown(values, Sqlite.text(device.path(), LISTED));
    }

    @Override
    String write(Device device, String who, Shown shown, Shown now) {
      seen.addAll(shown.listed());
      int which = random.nextInt(9);
      if (which == 0) {
        seen.addAll(shown.values());
        return "DELETE FROM t" + where(who);
      }
      List<String> sets = new ArrayList<>();
      for (int i = 0; i < COLUMNS.size(); i++) {
        if (which > 5 || which % 2 == i) {
          sets.add(COLUMNS.get(i) + " = '" + value(device) + "'");
          seen.add(shown.values().get(i));
        }
      }
      return "UPDATE t SET " + String.join(", ", sets) + where(who);
    }

    @Override
    List<String> others(Device device) {
      return random.nextBoolean()
          ? List.of(insert(device))
          : List.of("UPDATE OR IGNORE t SET id = " + random.nextInt(9) + " WHERE id = 1");
    }

    @Override
    void check() {
      for (Device device : devices) {
        Map<String, String> unsaid = new LinkedHashMap<>(written);
        unsaid.keySet().removeAll(seen);
        for (String column : COLUMNS) {
          unsaid.keySet().removeAll(Sqlite.text(device.path(), "SELECT " + column + " FROM t"));
        }
        unsaid.keySet().removeAll(Sqlite.text(device.path(), "SELECT value FROM godwit_conflict"));
        assertEquals(Map.of(), unsaid, "values that nobody knows of on " + device.name());
      }
    }
  }

  @Test
  void noValueThatAnybodyWroteIsGoneUnsaid() {
    FormWork.run(folder, Work::new);
  }
}
