package dev.godwit.tests.simulation;

/** Faults in what policies are for, each found by the small interleavings of one policy. */
enum SmallFault implements PlantedFault {
  GROUP_SPLIT(
      "group",
      "AFTER UPDATE ON t WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND NEW.b IS NOT OLD.b BEGIN"
          + " UPDATE t SET b = OLD.b WHERE id = NEW.id; END"),
  STEPS_FORGOTTEN("counter", forgetsStates()),
  REMOVALS_FORGOTTEN("set", forgetsStates()),
  MEMBERS_FORGOTTEN("map", forgetsStates()),
  LETTERS_FORGOTTEN("text", forgetsStates()),
  /** Each file numbers devices its own way, so that each forgets another one's side. */
  SIDE_OF_A_CONFLICT_FORGOTTEN(
      "manual",
      "AFTER INSERT ON godwit_sibling WHEN NEW.replica = (SELECT id FROM godwit_replica WHERE number = 1)"
          + " BEGIN DELETE FROM godwit_sibling WHERE replica = NEW.replica; END"),
  LARGER_VALUE_NOT_SHOWN(
      "max",
      "BEFORE UPDATE ON t WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND NEW.a > OLD.a BEGIN"
          + " SELECT RAISE(IGNORE); END");

  private final String policy;
  private final String trigger;

  SmallFault(String policy, String trigger) {
    this.policy = policy;
    this.trigger = trigger;
  }

  private static String forgetsStates() {
    return "AFTER INSERT ON godwit_row WHEN NEW.state IS NOT NULL AND NEW.table_number > 3 BEGIN"
        + " UPDATE godwit_row SET state = NULL WHERE table_number = NEW.table_number"
        + " AND life = NEW.life; END";
  }

  SmallSpace space() {
    return SmallSpace.ALL.stream()
        .filter(space -> space.family().name().equals("small " + policy))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public String sql(Family family) {
    return "CREATE TRIGGER godwit_fault " + trigger;
  }
}
