package dev.godwit.tests.simulation;

/**
 * Faults that are planted in the files of a simulation, one at a time, as triggers on Godwit's own
 * tables and on the table {@code t}: what the library writes there is not what stays.
 */
enum Fault implements PlantedFault {
  /** The versions that stand beside the visible one are forgotten. */
  LOSERS_DROPPED(
      "AFTER INSERT ON godwit_row WHEN NEW.state IS NOT NULL AND NEW.table_number > 3 BEGIN"
          + " UPDATE godwit_row SET state = NULL WHERE table_number = NEW.table_number AND life = NEW.life; END"),
  CAPTURE_LEFT_ON_DURING_APPLY(
      "AFTER DELETE ON godwit_capture BEGIN INSERT INTO godwit_capture (active) VALUES (1); END"),
  NOTE_OF_AN_UPDATE_LOST(
      "AFTER INSERT ON godwit_pending WHEN NEW.kind = 2 BEGIN DELETE FROM godwit_pending WHERE id = NEW.id; END"),
  NOTE_OF_A_DELETE_LOST(
      "AFTER INSERT ON godwit_pending WHEN NEW.kind = 3 BEGIN DELETE FROM godwit_pending WHERE id = NEW.id; END"),
  NOTE_OF_A_REPLACED_ROW_LOST(
      "AFTER INSERT ON godwit_pending WHEN NEW.kind = 0 BEGIN DELETE FROM godwit_pending WHERE id = NEW.id; END"),
  NOTE_OF_A_LEFT_KEY_LOST(
      "AFTER INSERT ON godwit_pending WHEN NEW.kind = 4 BEGIN DELETE FROM godwit_pending WHERE id = NEW.id; END"),
  WAITING_FOR_A_KEY_FORGOTTEN(
      "AFTER INSERT ON godwit_waiting BEGIN DELETE FROM godwit_waiting; END"),
  DANGLING_REFERENCE_FORGOTTEN(
      "AFTER INSERT ON godwit_dangling BEGIN DELETE FROM godwit_dangling; END"),
  LOSER_NOT_LISTED("AFTER INSERT ON godwit_sibling BEGIN DELETE FROM godwit_sibling; END"),
  SETTLED_CONFLICT_FORGOTTEN(
      "AFTER INSERT ON godwit_journal BEGIN DELETE FROM godwit_journal; END"),
  SETTLED_BY_WHO_CAME_LAST(
      "BEFORE INSERT ON godwit_journal BEGIN DELETE FROM godwit_journal WHERE conflict = NEW.conflict"
          + " AND replica = NEW.replica; END"),
  APPLIED_BEFORE_IT_WAS(
      "AFTER UPDATE OF held ON godwit_replica WHEN NEW.held > NEW.sequence BEGIN"
          + " UPDATE godwit_replica SET sequence = held WHERE number = NEW.number; END"),
  UPDATES_OF_OTHERS_NOT_SHOWN(
      "BEFORE UPDATE ON t WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END"),
  DELETES_OF_OTHERS_NOT_SHOWN(
      "BEFORE DELETE ON t WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END"),
  CAPTURE_LEFT_OFF_AFTER_APPLY(
      "AFTER INSERT ON godwit_capture BEGIN DELETE FROM godwit_capture; END"),
  UNITS_WRITTEN_LATER_TAKEN_FOR_THE_FIRST(
      "AFTER INSERT ON godwit_row WHEN NEW.units IS NOT NULL AND NEW.table_number > 3 BEGIN"
          + " UPDATE godwit_row SET units = NULL WHERE table_number = NEW.table_number AND life = NEW.life; END");

  private final String trigger;

  Fault(String trigger) {
    this.trigger = trigger;
  }

  @Override
  public String sql(Family family) {
    return "CREATE TRIGGER godwit_fault " + trigger;
  }
}
