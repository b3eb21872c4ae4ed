package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what conflicts within one row: a function of its state and of the policies. */
final class RowConflicts {
  private final LifeRows rows;
  private final View view;
  private final Causality causality;

  RowConflicts(LifeRows rows, View view, Causality causality) {
    this.rows = rows;
    this.view = view;
    this.causality = causality;
  }

  /** Whether there can be any, at a glance. */
  static boolean areLikely(RowState row) {
    return row.masked() != null || areLikely(row.state());
  }

  /** The same of writes. */
  static boolean areLikely(LifeState state) {
    return !state.isNewborn()
        && (state.isRevived()
            || state.keys().size() > 1
            || state.units().values().stream().anyMatch(versions -> versions.size() > 1));
  }

  /** All of them. */
  List<StandingConflict> of(TrackedTable table, RowState row) {
    List<StandingConflict> found = new ArrayList<>();
    if (row.state().existence().stream().noneMatch(Presence::present)) {
      return found;
    }
    String key = rows.keys().listed(table, row);
    if (row.masked() != null && !row.state().keys().isEmpty()) {
      found.add(refused(row, key));
    }
    if (row.state().isNewborn()) {
      return found;
    }
    existence(table, row, key, found);
    keys(table, row, key, found);
    row.state().units().forEach((unit, versions) -> unit(table, row, key, unit, versions, found));
    return found;
  }

  private static StandingConflict refused(RowState row, String key) {
    KeyVersion wanted = row.state().wantedKey();
    return new StandingConflict(
        "",
        StandingConflict.REFUSED,
        key,
        false,
        row.masked(),
        null,
        null,
        List.of(
            new StandingConflict.Sibling(
                row.table(), row.life(), wanted.dot(), wanted.time(), "row", null, false)));
  }

  private void existence(
      TrackedTable table, RowState row, String key, List<StandingConflict> found) {
    List<Presence> ordinary = new ArrayList<>(row.state().existence());
    ordinary.removeIf(Presence::derived);
    boolean both =
        ordinary.stream().anyMatch(Presence::present)
            && !ordinary.stream().allMatch(Presence::present);
    if (!both) {
      return;
    }
    boolean shown = view.isPresent(table.name(), row.state());
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    for (Presence presence : causality.withoutOvertakenEdits(ordinary)) {
      siblings.add(
          new StandingConflict.Sibling(
              row.table(),
              row.life(),
              presence.dot(),
              presence.time(),
              presence.present() ? "edit" : "delete",
              null,
              presence.present() == shown));
    }
    String how = view.existence(table.name()).toString();
    found.add(
        new StandingConflict(
            "", StandingConflict.EDIT_DELETE, key, false, how, null, null, siblings));
  }

  private static void keys(
      TrackedTable table, RowState row, String key, List<StandingConflict> found) {
    List<KeyVersion> versions = row.state().keys();
    if (versions.size() < 2 || versions.stream().anyMatch(version -> version.key() == null)) {
      return;
    }
    KeyVersion wanted = row.state().wantedKey();
    for (int i : differing(table, versions)) {
      KeyColumn column = table.keyColumns().get(i);
      List<StandingConflict.Sibling> siblings = new ArrayList<>();
      for (KeyVersion version : versions) {
        Value value = version.key().values().get(i);
        siblings.add(
            new StandingConflict.Sibling(
                row.table(),
                row.life(),
                version.dot(),
                version.time(),
                "edit",
                value,
                version == wanted));
      }
      String how = ColumnPolicy.lastWriterWins().toString();
      found.add(
          new StandingConflict(
              column.name(), StandingConflict.EDIT_EDIT, key, false, how, null, null, siblings));
    }
  }

  /** The places of the columns about which versions of a key say different things. */
  static List<Integer> differing(TrackedTable table, List<KeyVersion> versions) {
    List<List<Object>> meanings = new ArrayList<>();
    versions.forEach(one -> meanings.add(table.meaning(one.key(), one.extras())));
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < table.keyColumns().size(); i++) {
      Set<Object> said = new HashSet<>();
      for (List<Object> meaning : meanings) {
        said.add(meaning.get(i));
      }
      if (said.size() > 1) {
        places.add(i);
      }
    }
    return places;
  }

  private void unit(
      TrackedTable table,
      RowState row,
      String key,
      String unit,
      List<Version> versions,
      List<StandingConflict> found) {
    Version first = versions.get(0);
    if (versions.stream().allMatch(first::agrees)) {
      return;
    }
    if (view.merges(table.name(), unit)
        && !view.losesWrites(table.name(), row.state(), unit, causality::saw)) {
      return;
    }
    Version shown = view.shown(table.name(), row.state(), unit);
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    for (Version version : versions) {
      siblings.add(
          new StandingConflict.Sibling(
              row.table(),
              row.life(),
              version.dot(),
              version.time(),
              version.resolution() ? "resolution" : "edit",
              version.value(),
              shown != null
                  && version.dot().equals(shown.dot())
                  && row.state().undone(unit) == null));
    }
    boolean settled = shown != null && shown.resolution();
    found.add(
        new StandingConflict(
            unit,
            StandingConflict.EDIT_EDIT,
            key,
            view.isOpen(table.name(), row.state(), unit),
            settled ? "resolution" : view.policy(table.name(), unit).toString(),
            settled ? shown.dot().replica() : null,
            null,
            siblings));
  }
}
