package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.report.Comparison;
import dev.godwit.sync.report.Difference;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import java.util.Arrays;
import java.util.Map;

/**
 * Checks files: tables against state, state against log, log against itself, and one file against
 * another.
 *
 * <p>Reads only. Each file is read in one transaction: where the journal mode is WAL others go on
 * writing, elsewhere their commits wait for the end of the check. What is sorted goes to temporary
 * files of about the size of the log; memory does not grow with the file.
 */
public final class Doctor {
  private final DoctorOptions options;

  public Doctor(DoctorOptions options) {
    this.options = options;
  }

  /** Checks one file. */
  public DoctorReport examine(ReplicaFile file) {
    return file.readApart(
        workspace -> {
          try (Examination examination = new Examination(workspace, options)) {
            Examination.Life life = examination.next();
            while (life != null) {
              life = examination.next();
            }
            return examination.report();
          }
        });
  }

  /** Checks both files and finds the first difference between them. */
  public Comparison compare(ReplicaFile here, ReplicaFile there) {
    return here.readApart(
        hereWorkspace ->
            there.readApart(
                thereWorkspace -> {
                  try (Examination one = new Examination(hereWorkspace, options);
                      Examination other = new Examination(thereWorkspace, options)) {
                    return compare(one, other);
                  }
                }));
  }

  private static Comparison compare(Examination here, Examination there) {
    Difference difference = tables(here, there);
    here.next();
    there.next();
    while (here.current() != null || there.current() != null) {
      int order = order(here.current(), there.current());
      if (difference == null) {
        difference =
            difference(order <= 0 ? here.current() : null, order >= 0 ? there.current() : null);
      }
      if (order <= 0) {
        here.next();
      }
      if (order >= 0) {
        there.next();
      }
    }
    boolean sameVectors = here.vector().equals(there.vector());
    return new Comparison(here.report(), there.report(), sameVectors, difference);
  }

  private static Difference tables(Examination here, Examination there) {
    String only = only(here.ranks(), there.ranks());
    if (only != null) {
      return new Difference(
          only, null, null, null, null, null, "table " + only + " is tracked only here");
    }
    only = only(there.ranks(), here.ranks());
    return only == null
        ? null
        : new Difference(
            only, null, null, null, null, null, "table " + only + " is tracked only there");
  }

  private static String only(TableRanks one, TableRanks other) {
    for (int rank = 0; rank < one.count(); rank++) {
      if (other.rank(one.table(rank).name()) < 0) {
        return one.table(rank).name();
      }
    }
    return null;
  }

  private static int order(Examination.Life here, Examination.Life there) {
    if (here == null || there == null) {
      return here == null ? 1 : -1;
    }
    int byTable = here.checked().table().name().compareTo(there.checked().table().name());
    return byTable != 0 ? byTable : here.checked().life().compareTo(there.checked().life());
  }

  private static Difference difference(Examination.Life here, Examination.Life there) {
    if (here == null || there == null) {
      return only(here == null ? there : here, here != null);
    }
    if (!Arrays.equals(here.rowHash(), there.rowHash())) {
      return ofRows(here, there);
    }
    boolean sameState =
        here.stateHash() == null
            || there.stateHash() == null
            || Arrays.equals(here.stateHash(), there.stateHash());
    return sameState
        ? null
        : difference(
            here, null, null, null, "both show the same but hold different versions of it");
  }

  /** A life that only one side knows. */
  private static Difference only(Examination.Life life, boolean isHere) {
    Value key = life.row() == null ? null : keyValue(life);
    return difference(
        life,
        null,
        isHere ? key : null,
        isHere ? null : key,
        "only the replica " + (isHere ? "here" : "there") + " knows it");
  }

  private static Value keyValue(Examination.Life life) {
    return life.row().get(life.checked().table().schema().keyColumns().get(0));
  }

  private static Difference ofRows(Examination.Life here, Examination.Life there) {
    if (here.row() == null || there.row() == null) {
      boolean isHere = here.row() != null;
      Value key = keyValue(isHere ? here : there);
      return difference(
          isHere ? here : there,
          null,
          isHere ? key : null,
          isHere ? null : key,
          "only the table " + (isHere ? "here" : "there") + " shows it");
    }
    for (Map.Entry<String, Value> entry : here.row().entrySet()) {
      Value other = there.row().get(entry.getKey());
      if (!entry.getValue().equals(other)) {
        return difference(
            here,
            entry.getKey(),
            entry.getValue(),
            other,
            other == null ? "only the table here has the column" : "the values differ");
      }
    }
    return difference(here, null, null, null, "the tables have different columns");
  }

  private static Difference difference(
      Examination.Life life, String column, Value here, Value there, String what) {
    CheckedLife checked = life.checked();
    String text =
        LifeNames.where(checked) + (column == null ? "" : ", column " + column) + ": " + what;
    return new Difference(
        checked.table().name(), checked.life(), LifeNames.key(checked), column, here, there, text);
  }
}
