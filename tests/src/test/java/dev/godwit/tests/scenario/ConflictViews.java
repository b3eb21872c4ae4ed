package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;

/** What devices list as conflicts. */
final class ConflictViews {
  private ConflictViews() {}

  /** Everything listed that is not this device's own affair, in order of the columns. */
  static List<String> all(Device device) {
    return Sqlite.exact(
        device.path(),
        "SELECT * FROM godwit_conflict WHERE NOT here_only ORDER BY table_name, row_key, unit, kind, conflict,"
            + " sibling, replica");
  }

  /** What stands of it: no history. */
  static List<String> standing(Device device) {
    return Sqlite.exact(
        device.path(),
        "SELECT c.* FROM godwit_conflict c WHERE NOT here_only"
            + " AND EXISTS (SELECT 1 FROM godwit_sibling s WHERE s.conflict = c.conflict)"
            + " ORDER BY table_name, row_key, unit, kind, conflict, sibling, replica");
  }

  /** All of these list the same. */
  static void agree(List<Device> devices, Function<Device, List<String>> list) {
    String first = String.join("\n", list.apply(devices.get(0)));
    for (Device device : devices) {
      assertEquals(
          first,
          String.join("\n", list.apply(device)),
          "conflicts on " + devices.get(0).name() + " and on " + device.name());
    }
  }
}
