package dev.godwit.tests.simulation;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.InProcessRemote;
import dev.godwit.sync.transport.RetryPolicy;
import dev.godwit.tests.oracle.History;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.Transaction;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Runs one scenario and compares what it finds with the oracle. */
final class Simulation implements AutoCloseable {
  /** Of several things that hold a row back the first that the oracle would name. */
  private static final String HELD =
      "WITH one AS (SELECT table_number, life, max(kind = 'hidden') AS hidden, max(kind = 'parked') AS parked,"
          + " max(kind = 'below') AS below, max(kind = 'pinned') AS pinned,"
          + " max(kind = 'check' AND unit = '') AS checked"
          + " FROM godwit_held GROUP BY table_number, life)"
          + " SELECT t.name || ' ' || lower(hex(one.life)) || '  ' || CASE WHEN hidden THEN 'hidden'"
          + " WHEN parked THEN 'parked' WHEN checked THEN 'check' WHEN below THEN 'hidden' ELSE 'pinned' END"
          + " FROM one JOIN godwit_table t ON t.number = one.table_number"
          + " WHERE hidden OR parked OR below OR pinned OR checked"
          + " UNION ALL SELECT t.name || ' ' || lower(hex(h.life)) || ' ' || h.unit || ' substituted'"
          + " FROM godwit_held h JOIN one USING (table_number, life)"
          + " JOIN godwit_table t ON t.number = h.table_number"
          + " WHERE h.kind = 'substituted' AND NOT (hidden OR parked OR below OR checked)"
          + " UNION ALL SELECT t.name || ' ' || lower(hex(h.life)) || ' ' || h.unit || ' ' || h.kind"
          + " FROM godwit_held h JOIN godwit_table t ON t.number = h.table_number"
          + " WHERE h.kind IN ('returned', 'rooted') OR h.kind = 'check' AND h.unit <> ''"
          + " UNION SELECT t.name || ' ' || lower(hex(h.life)) || '  nulled'"
          + " FROM godwit_held h JOIN godwit_table t ON t.number = h.table_number"
          + " WHERE h.kind = 'nulled'";

  private static final String OPEN_CONFLICTS =
      "SELECT table_name || ' ' || row_key || ' ' || unit || ' ' || kind || ' ' || coalesce(quote(value), '')"
          + " || ' ' || shown || ' ' || hex(replica) FROM godwit_conflict WHERE state = 'open' AND NOT here_only";

  /** All that is listed as a conflict, column by column. */
  private static final String CONFLICTS =
      "SELECT concat_ws('|', conflict, table_name, row_key, unit, kind, state, how, by_replica, sibling, side_table,"
          + " side_key, action, quote(value), quote(base), shown, replica, written)"
          + " FROM godwit_conflict WHERE NOT here_only";

  private static final Set<String> CAPTURING = Set.of("1");

  /** Meetings after which resolvers have had their say: one to decide, two to tell. */
  private static final int MEETINGS_MAX = 3;

  /** Transactions until one of them has changed something. */
  private static final int WRITES_MAX = 50;

  private static final long START_MILLIS = 1_000_000_000L;

  private final Scenario scenario;
  private final List<SimulatedDevice> devices = new ArrayList<>();
  private final History history = new History();
  private final Map<Set<Dot>, Oracle> oracles = new HashMap<>();
  private final ExchangeOptions options =
      ExchangeOptions.builder().retry(RetryPolicy.none()).random(new Random(1)).build();
  private final int done;
  private String place = "";
  private boolean compares = true;
  private int refusing = -1;

  Simulation(Scenario scenario, Templates templates) throws IOException, SQLException {
    this(scenario, templates, null);
  }

  /** As it goes on when its first steps are done; null where none is. */
  Simulation(Scenario scenario, Templates templates, Begun begun) throws IOException, SQLException {
    this.scenario = scenario;
    this.done = begun == null ? 0 : begun.steps();
    for (int i = 0; i < scenario.devices(); i++) {
      SimulatedFile file = templates.file(scenario.family(), i);
      if (begun != null) {
        file.begin(begun.files().get(i));
      }
      long millis = begun == null ? START_MILLIS + 3L * i : begun.millis().get(i);
      devices.add(new SimulatedDevice(file, new SimulatedClock(millis)));
      if (scenario.enforcing().contains(i)) {
        devices.get(i).enforce();
      }
    }
  }

  /** Plants a fault in every file; null for none. One that cannot be planted is no finding. */
  void plant(PlantedFault fault) {
    for (SimulatedDevice device : devices) {
      try {
        if (fault != null) {
          device.execute(fault.sql(scenario.family()));
        }
      } catch (SQLException e) {
        throw new Error(fault + " cannot be planted", e);
      }
    }
  }

  /**
   * Has the last device's SQLite refuse some rows and changes that come from others: what it shows
   * is not compared until it takes them.
   */
  void refuse() throws SQLException {
    refusing = devices.size() - 1;
    for (String sql : Refusal.triggers(scenario.family())) {
      devices.get(refusing).execute(sql);
    }
  }

  /** Runs the scenario, then lets everybody meet everybody, and takes all that was refused. */
  void runAndTakeAll() throws IOException, SQLException {
    run();
    place = "when nothing is refused any more";
    SimulatedDevice device = devices.get(refusing);
    for (String sql : Refusal.drops(scenario.family())) {
      device.execute(sql);
    }
    // What was refused is tried again with whatever comes next.
    if (somethingIsWritten(devices.get(0))) {
      refusing = -1;
      meet();
      compareAll();
    }
  }

  private boolean somethingIsWritten(SimulatedDevice device) throws IOException, SQLException {
    Statements statements = new Statements(scenario.family(), new Random(1));
    int before = device.applied(history).size();
    for (int i = 0; i < WRITES_MAX && device.applied(history).size() == before; i++) {
      device.write(new Step.Write(0, false, statements.transaction()));
      device.replica().seal();
    }
    return device.applied(history).size() > before;
  }

  /** Runs the scenario, then lets everybody meet everybody. */
  void run() throws IOException, SQLException {
    runSteps();
    place = "when all had met";
    meet();
    compareAll();
    nothingIsLeftToDo();
  }

  /** Runs the scenario, looking at nothing; returns all the transactions that it makes. */
  List<Transaction> record() throws IOException, SQLException {
    compares = false;
    runSteps();
    for (SimulatedDevice device : devices) {
      device.replica().seal();
    }
    meet();
    return devices.get(0).applied(history);
  }

  private void runSteps() throws IOException, SQLException {
    int number = done;
    for (Step step : scenario.steps().subList(done, scenario.steps().size())) {
      place = "step " + ++number + ", " + Scenario.name(step.device()) + ": " + step;
      run(step);
    }
  }

  /**
   * Runs the scenario and no more: others go on from there.
   *
   * @param known whether the oracle knows all policies, and is asked
   */
  Begun begin(boolean known) throws IOException, SQLException {
    compares = known;
    runSteps();
    List<byte[]> files = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    for (SimulatedDevice device : devices) {
      device.close();
      files.add(device.content());
      millis.add(device.clock().millis());
    }
    return Begun.of(scenario.steps().size(), files, millis);
  }

  /**
   * Runs the scenario, then lets everybody meet everybody; returns what they all show then, by
   * their tables, by what is held back and by the open conflicts.
   *
   * @param known whether the oracle knows all policies, and is asked
   */
  List<String> outcome(boolean known) throws IOException, SQLException {
    compares = known;
    if (known) {
      run();
    } else {
      record();
    }
    List<String> outcome = shown(devices.get(0));
    for (SimulatedDevice device : devices.subList(1, devices.size())) {
      List<String> others = shown(device);
      if (!others.equals(outcome)) {
        throw new AssertionError("one shows " + outcome + ", another one " + others);
      }
    }
    return outcome;
  }

  private List<String> shown(SimulatedDevice device) throws IOException, SQLException {
    List<String> shown = new ArrayList<>();
    for (TableModel table : scenario.family().tables()) {
      shown.add(table.name() + device.rows(table));
    }
    shown.addAll(device.texts(HELD));
    shown.addAll(device.texts(OPEN_CONFLICTS));
    return shown;
  }

  private void run(Step step) throws IOException, SQLException {
    SimulatedDevice device = devices.get(step.device());
    if (step instanceof Step.Write write) {
      device.write(write);
    } else if (step instanceof Step.Seal) {
      device.replica().seal();
      compare(step.device());
    } else if (step instanceof Step.Reopen) {
      device.reopen();
      compare(step.device());
    } else if (step instanceof Step.Settle settle) {
      device.settle(settle.which());
      compare(step.device());
    } else if (step instanceof Step.Jump jump) {
      device.clock().advance(jump.millis());
    } else if (step instanceof Step.Repeat repeat) {
      repeat(device, devices.get(repeat.other()));
      compare(step.device());
    } else if (step instanceof Step.Sync sync) {
      sync(device, devices.get(sync.other()), sync.partsUntilBreak());
      compare(step.device());
      compare(sync.other());
    }
  }

  private void sync(SimulatedDevice device, SimulatedDevice other, int partsUntilBreak) {
    ExchangeStore store = other.replica().exchangeStore();
    try {
      SyncReport report =
          device
              .replica()
              .sync(new BreakingRemote(InProcessRemote.of(store), partsUntilBreak), options);
      if (compares && !(report.problems().isEmpty() && report.notices().isEmpty())) {
        throw new AssertionError(place + ": " + report.problems() + report.notices());
      }
    } catch (ExchangeException.Unreachable broken) {
      if (partsUntilBreak == Step.Sync.WHOLE) {
        throw broken;
      }
    }
  }

  private static void repeat(SimulatedDevice device, SimulatedDevice other) throws IOException {
    ExchangeStore from = other.replica().exchangeStore();
    ExchangeStore to = device.replica().exchangeStore();
    VersionVector all = to.heads().vector();
    EnvelopeLog.Lacking everything =
        new EnvelopeLog.Lacking(VersionVector.empty(), all, 0, List.of());
    try (PartCursor parts = from.lacking(everything);
        Intake intake = to.intake()) {
      for (EnvelopePart part = parts.next(); part != null; part = parts.next()) {
        intake.offer(part);
      }
      intake.commit();
    }
  }

  /** Everybody learns everything: the first device from all, then all but the last from it. */
  private void meet() {
    meetFirst(devices.size());
    meetFirst(devices.size() - 1);
    if (scenario.family().resolvesByItself()) {
      // Each device has told what it made of what it has learned last; then they all say the same.
      for (int i = 0; i < MEETINGS_MAX; i++) {
        meetFirst(devices.size());
      }
    }
  }

  private void meetFirst(int before) {
    for (int i = 1; i < before; i++) {
      sync(devices.get(i), devices.get(0), Step.Sync.WHOLE);
    }
  }

  private void compareAll() throws IOException, SQLException {
    for (int i = 0; i < devices.size(); i++) {
      compare(i);
      Oracle oracle = oracle(devices.get(i));
      listed(i, oracle);
      settled(i, oracle);
      whole(i, oracle);
      resolved(oracle);
    }
    Set<Dot> first = null;
    TreeSet<String> conflicts = null;
    for (SimulatedDevice device : devices) {
      TreeSet<String> others = device.texts(CONFLICTS);
      conflicts = conflicts == null ? others : conflicts;
      if (!others.equals(conflicts)) {
        throw new AssertionError(
            place + ": one lists as conflicts\n  " + conflicts + "\nand another\n  " + others);
      }
      Set<Dot> all = dots(device.checkedLog(history));
      first = first == null ? all : first;
      if (!all.equals(first)) {
        throw new AssertionError("all have met but not all have the same transactions");
      }
    }
  }

  private static Set<Dot> dots(List<Transaction> transactions) {
    Set<Dot> dots = new HashSet<>();
    transactions.forEach(transaction -> dots.add(transaction.dot()));
    return dots;
  }

  /** What the oracle makes of what a device has applied. */
  private Oracle oracle(SimulatedDevice device) throws IOException, SQLException {
    List<Transaction> applied = device.applied(history);
    return oracles.computeIfAbsent(
        dots(applied),
        same -> new Oracle(DeclaredFamilies.tables(scenario.family(), applied), applied));
  }

  /** The tables show what the oracle makes of the transactions applied. */
  private void compare(int number) throws IOException, SQLException {
    if (!compares) {
      return;
    }
    SimulatedDevice device = devices.get(number);
    if (device.hasPending()) {
      device.replica().seal();
    }
    if (number == refusing) {
      return;
    }
    Oracle oracle = oracle(device);
    for (TableModel table : scenario.family().tables()) {
      List<String> expected = oracle.rows(table.name());
      List<String> actual = device.rows(table);
      if (!actual.equals(expected)) {
        throw new AssertionError(
            place
                + ": table "
                + table.name()
                + " of "
                + Scenario.name(number)
                + "\n  expected "
                + expected
                + "\n  but got  "
                + actual);
      }
    }
    if (scenario.family().needsPeople() && !device.openConflicts().equals(oracle.open())) {
      throw new AssertionError(
          place
              + ": open conflicts of "
              + Scenario.name(number)
              + "\n  expected "
              + oracle.open()
              + "\n  but got  "
              + device.openConflicts());
    }
    if (!device.texts("SELECT active FROM godwit_capture").equals(CAPTURING)) {
      throw new AssertionError(place + ": capture is not on at " + Scenario.name(number));
    }
  }

  /** Nothing waits for a resolver when all have met. */
  private void resolved(Oracle oracle) {
    Map<String, String> policies = scenario.family().policies();
    for (Oracle.Open open : oracle.open()) {
      if (policies.get(open.table() + "." + open.column()).startsWith("custom")) {
        throw new AssertionError(place + ": " + open + " is not resolved");
      }
    }
  }

  /** Every value that stands and is not shown is listed while its row is there. */
  private void listed(int number, Oracle oracle) throws IOException, SQLException {
    Set<String> listed =
        devices
            .get(number)
            .texts(
                "SELECT lower(hex(life)) || ' ' || unit || ' ' || lower(hex(replica)) || ' ' || sequence"
                    + " FROM godwit_sibling");
    for (Oracle.Loser loser : oracle.losers()) {
      String entry =
          loser.life()
              + " "
              + loser.unit()
              + " "
              + loser.dot().replica()
              + " "
              + loser.dot().sequence();
      if (loser.present() && !listed.contains(entry)) {
        throw new AssertionError(
            place + ": " + Scenario.name(number) + " does not list " + loser + " in " + listed);
      }
    }
  }

  /** The history has what writes have settled, and nothing else. */
  private void settled(int number, Oracle oracle) throws IOException, SQLException {
    Set<Oracle.Settled> expected = oracle.settled();
    Set<Oracle.Settled> actual = devices.get(number).settled();
    actual.removeIf(this::mayMerge);
    expected.removeIf(this::mayMerge);
    if (!actual.equals(expected)) {
      throw new AssertionError(
          place
              + ": settled conflicts of "
              + Scenario.name(number)
              + "\n  expected "
              + expected
              + "\n  but got  "
              + actual);
    }
  }

  /** Whether it is about a column whose edits are, or may have been, merged. */
  private boolean mayMerge(Oracle.Settled conflict) {
    TableModel table = scenario.family().table(conflict.table());
    return table.values().contains(conflict.unit())
        && (ChangedPolicies.in(scenario.family()) || table.policy(conflict.unit()).kind().merges());
  }

  /** Whether every reference was whole where it was written. */
  boolean nobodyDangles() {
    return scenario.allEnforce() && devices.stream().noneMatch(SimulatedDevice::hasLeftDangling);
  }

  /** Nothing vanished without being held back, and no reference dangles where none was broken. */
  private void whole(int number, Oracle oracle) throws IOException, SQLException {
    SimulatedDevice device = devices.get(number);
    if (!oracle.vanished().isEmpty()) {
      throw new AssertionError(place + ": neither shown nor held back: " + oracle.vanished());
    }
    if (nobodyDangles()) {
      TreeSet<String> dangling = device.texts(SimulatedDevice.DANGLING);
      if (!dangling.isEmpty()) {
        throw new AssertionError(
            place + ": references of " + Scenario.name(number) + " dangle in " + dangling);
      }
    }
    TreeSet<String> held = device.texts(HELD);
    if (!held.equals(expectedHeld(oracle))) {
      throw new AssertionError(
          place
              + ": held back at "
              + Scenario.name(number)
              + "\n  expected "
              + expectedHeld(oracle)
              + "\n  but got  "
              + held);
    }
  }

  private static TreeSet<String> expectedHeld(Oracle oracle) {
    TreeSet<String> expected = new TreeSet<>();
    for (Oracle.Held held : oracle.held()) {
      if (!held.unit().equals(Oracle.KEY)) {
        expected.add(held.table() + " " + held.life() + " " + held.unit() + " " + held.kind());
      }
    }
    return expected;
  }

  /** A further round of meetings changes nothing and makes no transaction. */
  private void nothingIsLeftToDo() throws IOException, SQLException {
    place = "after one more round";
    int before = devices.get(0).applied(history).size();
    meetFirst(devices.size());
    compareAll();
    if (devices.get(0).applied(history).size() != before) {
      throw new AssertionError(place + ": applying was captured as writing");
    }
  }

  @Override
  public void close() {
    for (SimulatedDevice device : devices) {
      device.close();
    }
  }
}
