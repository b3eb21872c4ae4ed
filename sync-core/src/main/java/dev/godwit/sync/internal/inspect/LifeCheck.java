package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.report.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that the stored state of a life is what its changes in the log come to.
 *
 * <p>Two things may differ and do not count: dots of edits that a later edit has overtaken, which
 * the state of a row without concurrency does not tell apart, and what a reference meant where only
 * the table tells.
 */
final class LifeCheck {
  private static final String ADVICE =
      "keep a copy of the file, then untrack the table and track it again, or join with a new file";

  private final Findings findings;

  LifeCheck(Findings findings) {
    this.findings = findings;
  }

  /** Checks one life whose log was replayed. */
  void check(CheckedLife one) {
    if (one.unreadable() != null) {
      damage(one, "expected a readable state but " + one.unreadable());
    } else if (one.stored() == null && one.replayed() != null) {
      damage(one, "expected the state to know it, as the log does, but it does not");
    } else if (one.stored() != null && one.replayed() == null) {
      damage(one, "expected a transaction in the log that made it but there is none");
    } else if (one.stored() != null) {
      existence(one, one.replayed(), one.stored().state());
      keys(one, one.replayed(), one.stored().state());
      units(one, one.replayed(), one.stored());
    }
  }

  private void existence(CheckedLife one, LifeState replayed, LifeState stored) {
    boolean same =
        replayed.isPresent() == stored.isPresent()
            && dots(replayed.existence(), false).equals(dots(stored.existence(), false))
            && dots(stored.existence(), true).containsAll(dots(replayed.existence(), true));
    if (!same) {
      damage(
          one,
          "expected its existence from "
              + replayed.existence().size()
              + " undominated writes of the log, "
              + (replayed.isPresent() ? "present" : "absent")
              + ", but the state says "
              + (stored.isPresent() ? "present" : "absent"));
    }
  }

  private static Set<Dot> dots(List<Presence> existence, boolean present) {
    Set<Dot> dots = new HashSet<>();
    for (Presence presence : existence) {
      if (presence.present() == present) {
        dots.add(presence.dot());
      }
    }
    return dots;
  }

  private void keys(CheckedLife one, LifeState replayed, LifeState stored) {
    Map<Dot, KeyVersion> expected = new HashMap<>();
    replayed.keys().forEach(version -> expected.put(version.dot(), version));
    boolean same = replayed.keys().size() == stored.keys().size();
    for (KeyVersion version : stored.keys()) {
      KeyVersion logged = expected.get(version.dot());
      same &= logged != null && logged.time().equals(version.time());
      same &= logged == null || agree(logged, version);
    }
    if (!same) {
      damage(one, "expected the writes to its key that the log has but the state has others");
    }
  }

  /** A key that leans on the table is checked there. */
  private static boolean agree(KeyVersion logged, KeyVersion stored) {
    if (stored.key() == null || stored.key().values().size() != logged.key().values().size()) {
      return stored.key() == null;
    }
    for (int i = 0; i < logged.key().values().size(); i++) {
      boolean refers =
          !logged.extras().references().isEmpty() || !stored.extras().references().isEmpty();
      Value value = stored.key().values().get(i);
      if (!refers && !Fingerprint.of(value).equals(logged.key().values().get(i))) {
        return false;
      }
    }
    return true;
  }

  private void units(CheckedLife one, LifeState replayed, RowState row) {
    LifeState stored = row.state();
    Set<String> units = new TreeSet<>(replayed.units().keySet());
    units.addAll(stored.units().keySet());
    for (String unit : units) {
      List<Version> expected = replayed.siblings(unit);
      List<Version> actual = stored.siblings(unit);
      String problem = difference(one.table(), unit, expected, actual);
      if (problem != null) {
        damage(one, "column " + unit + ": " + problem);
      }
    }
  }

  private static String difference(
      TrackedTable table, String unit, List<Version> expected, List<Version> actual) {
    if (expected.size() != actual.size()) {
      return "expected "
          + expected.size()
          + " versions as the log has but the state has "
          + actual.size();
    }
    Map<Dot, Version> logged = new HashMap<>();
    expected.forEach(version -> logged.put(version.dot(), version));
    boolean refers = table.referringColumns().contains(unit);
    for (Version version : actual) {
      Version written = logged.get(version.dot());
      if (written == null || !written.time().equals(version.time())) {
        return "expected the version of "
            + expected.get(expected.size() - 1).dot()
            + " but the state has "
            + version.dot();
      }
      boolean differs =
          version.value() != null && !Fingerprint.of(version.value()).equals(written.value());
      if (differs && !refers) {
        return "expected the value that " + version.dot() + " wrote but the state has another one";
      }
    }
    return null;
  }

  private void damage(CheckedLife one, String problem) {
    findings.damage(Finding.Check.STATE, LifeNames.where(one), problem, ADVICE);
  }
}
