package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * What people do to a table at three devices, and what must come of it: worked out of what each
 * device's table, or a form that was opened before, showed to whoever wrote, whatever the library
 * made of that. Rows are told apart by a column {@code who}.
 *
 * @param <S> what a row shows
 */
abstract class FormWork<S> {
  private static final int RUNS = Integer.getInteger("godwit.work.runs", 10);
  private static final int STEPS = 50;
  private static final int TIMES = 100;

  final Random random;
  final List<Device> devices = new ArrayList<>();
  private final Map<Device, List<Form<S>>> forms = new HashMap<>();
  private final Set<Device> unsealed = new HashSet<>();
  private final List<String> log = new ArrayList<>();
  private int given;

  /** A form that is open on a device. */
  private record Form<S>(String token, String who, S shown) {}

  FormWork(Random random) {
    this.random = random;
  }

  /** Runs the work with one seed after the other, the same ones unless others are asked for. */
  static void run(Path folder, Function<Random, FormWork<?>> kind) {
    long base = Long.getLong("godwit.seed", 1);
    for (int number = 0; number < RUNS; number++) {
      FormWork<?> work = kind.apply(new Random(base + number));
      try (Devices devices = new Devices(Files.createDirectory(folder.resolve("run" + number)))) {
        work.run(devices);
      } catch (IOException | RuntimeException | AssertionError e) {
        String seed = "-Dgodwit.seed=%d -Dgodwit.work.runs=1".formatted(base + number);
        throw new AssertionError(seed + ": " + e + "\n" + String.join("\n", work.log), e);
      }
    }
  }

  private void run(Devices all) {
    for (String name : List.of("a", "b", "c")) {
      Device device = open(all, name);
      devices.add(device);
      forms.put(device, new ArrayList<>());
    }
    begin(devices.get(0));
    all.syncAll();
    for (int step = 0; step < STEPS; step++) {
      step(devices.get(random.nextInt(devices.size())));
    }
    all.syncAll();
    for (Device device : devices) {
      assertTrue(device.replica().doctor().isHealthy(), () -> "" + device.replica().doctor());
    }
    check();
  }

  private void step(Device device) {
    device.clock().at(4_000_000_000_000L + random.nextInt(TIMES));
    List<Form<S>> open = forms.get(device);
    switch (random.nextInt(9)) {
      case 0, 1 -> meet(device, devices.get(random.nextInt(devices.size())));
      case 2 -> openForm(device);
      case 3, 4 -> {
        if (!open.isEmpty()) {
          save(device, open.remove(random.nextInt(open.size())));
        }
      }
      case 5 -> run(device, others(device));
      default -> {
        String who = oneOf(Sqlite.text(device.path(), "SELECT who FROM t ORDER BY who"));
        if (who != null) {
          S now = shown(device, who);
          run(device, List.of(write(device, who, now, now)));
        }
      }
    }
  }

  private void meet(Device device, Device other) {
    if (device != other) {
      log.add(device.name() + " meets " + other.name());
      Devices.meet(device, other);
    }
  }

  private void openForm(Device device) {
    String token = device.replica().version();
    String who = oneOf(Sqlite.text(device.path(), "SELECT who FROM t ORDER BY who"));
    if (who != null) {
      Form<S> form = new Form<>(token, who, shown(device, who));
      log.add(device.name() + " opens " + form);
      forms.get(device).add(form);
    }
  }

  private void save(Device device, Form<S> form) {
    List<String> keys = Sqlite.text(device.path(), "SELECT id FROM t" + where(form.who()));
    if (!keys.isEmpty()) {
      String basedOn =
          "INSERT INTO godwit_based_on (token, table_name, key1) VALUES ('%s', 't', %s)"
              .formatted(form.token(), keys.get(0));
      S now = shown(device, form.who());
      run(device, List.of(basedOn, write(device, form.who(), form.shown(), now)));
    }
  }

  /** One transaction, through the library or as another program makes it. */
  private void run(Device device, List<String> statements) {
    log.add(device.name() + ": " + String.join("; ", statements));
    // What another program writes after a form counts as the form's, until the library looks.
    boolean saves = statements.get(0).contains("godwit_based_on");
    if (random.nextBoolean() || unsealed.remove(device) && !saves) {
      unsealed.remove(device);
      device.write(statements.toArray(new String[0]));
    } else {
      if (saves) {
        unsealed.add(device);
      }
      List<String> all = new ArrayList<>(statements);
      all.add(0, "BEGIN");
      all.add("COMMIT");
      device.sql(all.toArray(new String[0]));
    }
  }

  static String where(String who) {
    return " WHERE who = '" + who + "'";
  }

  /** A number that was never given. */
  int next() {
    return ++given;
  }

  /** One of these, null where there is none. */
  <T> T oneOf(List<T> all) {
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  /** Makes a device with an empty table. */
  abstract Device open(Devices all, String name);

  /** Makes the rows that all begin with. */
  abstract void begin(Device device);

  /** What the table shows of a row that is there. */
  abstract S shown(Device device, String who);

  /**
   * What somebody makes of a row, as one statement; takes note of what must come of it.
   *
   * @param shown what he was shown
   * @param now what the table shows: to write that is no write
   */
  abstract String write(Device device, String who, S shown, S now);

  /** Something else that the work is to stand. */
  abstract List<String> others(Device device);

  /** When all have met: whether everything came of it that must. */
  abstract void check();
}
