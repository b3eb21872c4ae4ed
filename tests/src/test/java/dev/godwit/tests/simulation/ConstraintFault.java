package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Faults like those of {@link Fault}, in what keeps constraints: each breaks the promises of the
 * schemas that it names.
 */
enum ConstraintFault implements PlantedFault {
  CASCADE_NOT_REPEATED(
      "cascade chain.*|tree, cascade|tree of texts",
      "AFTER INSERT ON godwit_held WHEN NEW.kind = 'hidden' BEGIN DELETE FROM godwit_held WHERE kind = 'hidden'"
          + " AND EXISTS (SELECT 1 FROM godwit_held above WHERE above.kind = 'hidden'"
          + " AND above.table_number = godwit_held.blocker_table AND above.life = godwit_held.blocker_life); END"),
  HIDDEN_ROW_FORGOTTEN("cascade.*|set null not null", forgets("hidden")),
  PINNED_ROW_FORGOTTEN("restrict chain|no action", forgets("pinned")),
  SUBSTITUTE_FORGOTTEN("set null|set default", forgets("substituted")),
  PARKED_ROW_FORGOTTEN("unique.*", forgets("parked")),
  ROW_BELOW_A_PARKED_ONE_FORGOTTEN("unique above others.*", forgets("below")),
  UNIQUE_CLAIM_FORGOTTEN(
      "unique.*", "AFTER INSERT ON godwit_claim BEGIN DELETE FROM godwit_claim; END"),
  REFERENCE_TO_AN_ABSENT_ROW_FORGOTTEN(
      "cascade chain|set null|restrict chain",
      "AFTER INSERT ON godwit_dangling BEGIN DELETE FROM godwit_dangling; END"),
  WAITING_FOR_A_KEY_FORGOTTEN(
      "tree of texts|cascade chain of texts|unique beside a natural key",
      "AFTER INSERT ON godwit_waiting BEGIN DELETE FROM godwit_waiting; END"),
  ARRIVAL_DECIDES_WHO_WAS_FIRST(
      "unique.*",
      "AFTER INSERT ON godwit_row WHEN NEW.table_number > 3 BEGIN UPDATE godwit_row"
          + " SET time = (SELECT count(*) FROM godwit_log)"
          + " WHERE table_number = NEW.table_number AND life = NEW.life; END"),
  STANDING_DELETE_FORGOTTEN(
      "no action|restrict chain|set null",
      "AFTER INSERT ON godwit_row WHEN NEW.state IS NOT NULL AND NEW.table_number > 3 BEGIN"
          + " UPDATE godwit_row SET state = NULL WHERE table_number = NEW.table_number AND life = NEW.life; END"),
  HIDDEN_ROW_STAYS_IN_THE_TABLE(
      "cascade chain|unique above others.*|two parents.*",
      "BEFORE DELETE ON %s" + ignoredInApply()),
  ROW_NEVER_COMES_BACK_TO_THE_TABLE(
      "cascade chain|unique.*|no action", "BEFORE INSERT ON %s" + ignoredInApply()),
  SUBSTITUTE_NOT_WRITTEN(
      "set null",
      "BEFORE UPDATE ON %s WHEN NEW.p IS NULL AND OLD.p IS NOT NULL"
          + " AND NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END"),
  CAPTURE_LEFT_ON_WHILE_ROWS_ARE_HIDDEN(
      "cascade.*|set null|unique.*",
      "AFTER DELETE ON godwit_capture BEGIN INSERT INTO godwit_capture (active) VALUES (1); END"),
  DECLARED_REFERENCE_IGNORED(
      "declared (late, |anew, )?cascade chain",
      "BEFORE INSERT ON godwit_reference BEGIN SELECT RAISE(IGNORE); END"),
  OLDER_VALUE_READ_AS_A_REFERENCE(
      "declared late, (cascade chain|tree, cascade)",
      "AFTER INSERT ON godwit_reference BEGIN UPDATE godwit_row SET state = NULL"
          + " WHERE table_number > 3 AND substr(state, 1, 1) = x'01'; END"),
  REFERENCE_STAYS_DECLARED(
      "declared anew, (cascade chain|set null|tree, cascade)",
      "BEFORE DELETE ON godwit_reference BEGIN SELECT RAISE(IGNORE); END"),
  ONE_OF_SEVERAL_COLUMNS_DOES_NOT_FOLLOW(
      "several columns, (cascade|restrict, keys cascade|rows before tracking)",
      "AFTER UPDATE OF px ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND NEW.px IS NOT OLD.px"
          + " BEGIN UPDATE %1$s SET px = OLD.px WHERE rowid = NEW.rowid; END"),
  REFERENCES_OF_SEVERAL_COLUMNS_FORGOTTEN(
      "several columns, (cascade|set null|to lines, CASCADE|one to one, CASCADE)",
      "AFTER INSERT ON godwit_log BEGIN DELETE FROM godwit_reference; END"),
  REFERENCE_OF_SEVERAL_COLUMNS_TO_AN_ABSENT_ROW_FORGOTTEN(
      "several columns, (cascade|set null|to lines, SET NULL)",
      "AFTER INSERT ON godwit_dangling BEGIN DELETE FROM godwit_dangling; END"),
  ROW_OUT_FOR_A_SHARED_COLUMN_FORGOTTEN("several columns, shared, .*", forgets("below")),
  ONE_COLUMN_OF_A_KEY_DOES_NOT_FOLLOW(
      "identifying, parts, (CASCADE|RESTRICT|of numbered orders, CASCADE)",
      "AFTER UPDATE OF o ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND NEW.o IS NOT OLD.o"
          + " BEGIN UPDATE %1$s SET o = OLD.o WHERE rowid = NEW.rowid; END"),
  WHAT_A_KEY_REFERS_TO_FORGOTTEN(
      "identifying, (chain, CASCADE|parts, CASCADE|parts, of numbered orders, RESTRICT|screws)",
      "AFTER INSERT ON godwit_log BEGIN DELETE FROM godwit_reference; END"),
  REFERENCE_OF_A_KEY_TO_AN_ABSENT_ROW_FORGOTTEN(
      "identifying, (chain, SET NULL|parts, CASCADE|screws)",
      "AFTER INSERT ON godwit_dangling BEGIN DELETE FROM godwit_dangling; END"),
  INDEX_OF_THE_SPACE_IGNORED(
      "indexed by one, unique.*", "BEFORE INSERT ON godwit_space_object" + ignoredInApply()),
  DROPPED_INDEX_STAYS(
      "indexed anew, unique.*", "BEFORE DELETE ON godwit_space_object" + ignoredInApply()),
  KEY_THAT_A_REFERENCE_CANNOT_SHOW_FORGOTTEN(
      "tenants, (items, .*|of tenants, .*|two lists)", forgets("below")),
  WHAT_IS_REFERRED_TO_WITHIN_A_TENANT_FORGOTTEN(
      "tenants, (items, .*|two lists)",
      "AFTER INSERT ON godwit_log BEGIN DELETE FROM godwit_reference; END"),
  ROW_THAT_SHOWS_NO_VALUE_TO_REFER_TO_FORGOTTEN(
      "by value, (cascade.*|taken|chain, SET NULL)", forgets("below")),
  WHO_REFERS_BY_VALUE_FORGOTTEN(
      "by value, (cascade|set null|named|of tenants, CASCADE)",
      "AFTER INSERT ON godwit_dangling BEGIN DELETE FROM godwit_dangling; END"),
  REFERENCE_BY_VALUE_DOES_NOT_FOLLOW(
      "by value, (cascade|restrict|named)",
      "AFTER UPDATE OF m ON %1$s WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND NEW.m IS NOT OLD.m"
          + " BEGIN UPDATE %1$s SET m = OLD.m WHERE rowid = NEW.rowid; END"),
  NULL_FOR_A_TAKEN_VALUE_FORGOTTEN("taken, (name|several|caseless)", forgets("nulled")),
  NULL_READ_AS_THE_VALUE(
      "taken, (name|several|caseless)",
      "AFTER INSERT ON godwit_row WHEN NEW.state IS NOT NULL AND NEW.table_number > 3 BEGIN"
          + " UPDATE godwit_row SET state = NULL WHERE table_number = NEW.table_number"
          + " AND life = NEW.life AND key IS NOT NULL; END"),
  NULL_STAYS_WHEN_THE_VALUE_IS_FREE(
      "taken, (name|several|caseless)",
      "BEFORE UPDATE ON %s WHEN NEW.name IS NOT NULL AND OLD.name IS NULL"
          + " AND NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END"),
  POLICY_FOR_TAKEN_VALUES_IGNORED(
      "taken anew, .*",
      "AFTER UPDATE ON godwit_space_column WHEN NEW.policy LIKE '%% null where taken' BEGIN"
          + " UPDATE godwit_space_column SET policy = 'last-writer-wins'"
          + " WHERE table_name = NEW.table_name AND column_name = NEW.column_name; END");

  private final String families;
  private final String trigger;

  ConstraintFault(String families, String trigger) {
    this.families = families;
    this.trigger = trigger;
  }

  private static String forgets(String kind) {
    return "AFTER INSERT ON godwit_held WHEN NEW.kind = '"
        + kind
        + "' BEGIN DELETE FROM godwit_held WHERE kind = '"
        + kind
        + "'; END";
  }

  private static String ignoredInApply() {
    return " WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) BEGIN SELECT RAISE(IGNORE); END";
  }

  /** The schemas in which it shows. */
  List<Family> families() {
    List<Family> all = new ArrayList<>(ConstrainedFamilies.CONSTRAINED);
    all.addAll(DeclaredFamilies.of(ConstrainedFamilies.CONSTRAINED));
    all.addAll(CompositeFamilies.ALL);
    all.addAll(IdentifyingFamilies.ALL);
    all.addAll(IndexedFamilies.ALL);
    all.addAll(TakenFamilies.ALL);
    all.addAll(TenantFamilies.ALL);
    all.addAll(ReferredValueFamilies.ALL);
    return all.stream().filter(family -> family.name().matches(families)).toList();
  }

  @Override
  public String sql(Family family) {
    int last = family.tables().size() - 1;
    return "CREATE TRIGGER godwit_fault "
        + String.format(trigger, family.tables().get(last).name());
  }
}
