package dev.godwit.tests.simulation;

import java.util.List;

/** Faults like those of {@link Fault}, in what follows from policies and CHECKs. */
enum PolicyFault implements PlantedFault {
  SIBLINGS_FORGOTTEN("policies, manual.*|policies, by device.*", forgetsStates()),
  STEPS_FORGOTTEN("merged, counter", forgetsStates()),
  ENTRIES_FORGOTTEN("merged, (set|map)", forgetsStates()),
  LETTERS_FORGOTTEN("merged, text", forgetsStates()),
  NAMES_OF_DEVICES_FORGOTTEN(
      "policies, by device.*|policies, natural key",
      "AFTER UPDATE OF name ON godwit_replica WHEN NEW.name <> '?' BEGIN"
          + " UPDATE godwit_replica SET name = '?' WHERE number = NEW.number; END"),
  GROUP_SPLIT(
      "policies, group.*|check, group",
      "AFTER UPDATE ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN"
          + " UPDATE %1$s SET %2$s = OLD.%2$s WHERE rowid = NEW.rowid; END"),
  WHAT_A_CHECK_HOLDS_BACK_NOT_LISTED(
      "check, (counter|apart|counter and limit)",
      "AFTER INSERT ON godwit_held WHEN NEW.kind = 'check' BEGIN DELETE FROM godwit_held WHERE kind = 'check'; END"),
  ROW_THAT_BREAKS_A_CHECK_STAYS(
      "check, apart",
      "BEFORE DELETE ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END"),
  MOVES_THAT_WERE_TAKEN_BACK_FORGOTTEN(
      "acyclic, (SET NULL|texts|two trees)",
      "AFTER INSERT ON godwit_held WHEN NEW.kind = 'returned' BEGIN DELETE FROM godwit_held WHERE kind = 'returned'; END"),
  MOVE_STAYS_ALTHOUGH_TAKEN_BACK(
      "acyclic, (SET NULL|CASCADE|texts)",
      "AFTER UPDATE ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN"
          + " UPDATE %1$s SET %2$s = OLD.%2$s WHERE rowid = NEW.rowid; END"),
  ROW_BELOW_A_BROKEN_CHECK_FORGOTTEN(
      "check, above others.*",
      "AFTER INSERT ON godwit_held WHEN NEW.kind = 'below' BEGIN DELETE FROM godwit_held WHERE kind = 'below'; END");

  private final String families;
  private final String trigger;

  PolicyFault(String families, String trigger) {
    this.families = families;
    this.trigger = trigger;
  }

  private static String forgetsStates() {
    return "AFTER INSERT ON godwit_row WHEN NEW.state IS NOT NULL AND NEW.table_number > 3 BEGIN"
        + " UPDATE godwit_row SET state = NULL WHERE table_number = NEW.table_number"
        + " AND life = NEW.life; END";
  }

  /** The schemas in which it shows. */
  List<Family> families() {
    return PolicyFamilies.ALL.stream().filter(family -> family.name().matches(families)).toList();
  }

  @Override
  public String sql(Family family) {
    int last = family.tables().size() - 1;
    String column = family.tables().get(last).values().get(0);
    return "CREATE TRIGGER godwit_fault "
        + String.format(trigger, family.tables().get(last).name(), column);
  }
}
