package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No row refers to one that nobody meant, whatever numbers or names devices give out, change and
 * take from each other.
 */
class ReferredWorkTest {
  private static final List<String> ACTIONS = List.of("NO ACTION", "CASCADE", "SET NULL");

  @TempDir Path folder;

  private static final class Work extends FormWork<String> {
    private final String action;
    private final String referred;
    private final Map<String, Set<String>> meant = new HashMap<>();

    /**
     * Some work.
     *
     * @param referred the column by which rows refer to lists
     */
    private Work(Random random, String referred) {
      super(random);
      this.referred = referred;
      action = oneOf(ACTIONS);
    }

    @Override
    Device open(Devices all, String name) {
      return all.device(
          name,
          "CREATE TABLE list (id INTEGER PRIMARY KEY, code INTEGER UNIQUE, name TEXT);"
              + "CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT, list INTEGER REFERENCES list ("
              + referred
              + ") ON UPDATE CASCADE ON DELETE "
              + action
              + ", v)",
          "list",
          "t");
    }

    @Override
    void begin(Device device) {
      device.write(newList());
      device.write(newList());
      device.write(insert(device));
      device.write(insert(device));
    }

    /** Two devices that make one without having met make two of one number and one code. */
    private String newList() {
      return "INSERT OR IGNORE INTO list (code, name)"
          + " VALUES ((SELECT coalesce(max(code), 0) + 1 FROM list), 'list "
          + next()
          + "')";
    }

    private static List<String> lists(Device device) {
      return Sqlite.text(device.path(), "SELECT name FROM list ORDER BY name");
    }

    private String number(String list) {
      return "(SELECT " + referred + " FROM list WHERE name = '" + list + "')";
    }

    private String insert(Device device) {
      String who = "row " + next();
      String list = oneOf(lists(device));
      mean(who, list);
      return "INSERT INTO t (who, list) VALUES ('%s', %s)"
          .formatted(who, list == null ? "NULL" : number(list));
    }

    private void mean(String who, String list) {
      Set<String> lists = meant.computeIfAbsent(who, none -> new HashSet<>());
      if (list != null) {
        lists.add(list);
      }
    }

    @Override
    String shown(Device device, String who) {
      return device.value(
          "SELECT coalesce((SELECT name FROM list WHERE "
              + referred
              + " = list), '') FROM t"
              + where(who));
    }

    @Override
    String write(Device device, String who, String shown, String now) {
      String list = oneOf(lists(device));
      if (list == null || random.nextInt(3) == 0) {
        return "UPDATE t SET v = " + next() + where(who);
      }
      mean(who, list);
      return "UPDATE t SET list = " + number(list) + where(who);
    }

    @Override
    List<String> others(Device device) {
      String list = oneOf(lists(device));
      String other = oneOf(lists(device));
      int which = random.nextInt(6);
      if (which == 0 || list == null) {
        return List.of(newList());
      } else if (which == 1) {
        return List.of(insert(device));
      } else if (which == 2) {
        return List.of(
            "UPDATE t SET list = NULL WHERE list = " + number(list),
            "DELETE FROM list WHERE name = '" + list + "'");
      } else if (which == 3) {
        return moved(device, list, device.value("SELECT max(" + referred + ") + 2 FROM list"));
      } else if (list.equals(other)) {
        return List.of("UPDATE list SET name = name");
      }
      String taken = device.value("SELECT " + number(other));
      Sqlite.text(device.path(), "SELECT who FROM t WHERE list = " + taken)
          .forEach(who -> mean(who, list));
      return moved(device, list, taken);
    }

    /** A list under another number: also without foreign keys what refers to it goes with it. */
    private List<String> moved(Device device, String list, String number) {
      String before = device.value("SELECT " + number(list));
      String set = "UPDATE OR REPLACE list SET %1$s = %2$s WHERE %1$s = %3$s";
      return List.of(
          set.formatted(referred, number, before),
          "UPDATE t SET list = " + number + " WHERE list = " + before);
    }

    @Override
    void check() {
      for (Device device : devices) {
        for (String who : Sqlite.text(device.path(), "SELECT who FROM t")) {
          String list = shown(device, who);
          assertTrue(
              list.isEmpty() || meant.get(who).contains(list),
              () -> who + " refers to " + list + ", meant were " + meant.get(who));
        }
      }
    }
  }

  @Test
  void noRowRefersToOneThatNobodyMeant() {
    FormWork.run(folder, random -> new Work(random, "id"));
  }

  @Test
  void norByAnotherColumnThanTheKey() {
    FormWork.run(folder, random -> new Work(random, "code"));
  }
}
