package dev.godwit.cli.output;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.ListedConflict;
import java.io.PrintWriter;

/** A conflict for people: what met, side by side. */
public final class ConflictText {
  private static final String BELOW_ITSELF =
      "since it would be below itself: move another row above it with SQL, or give it another"
          + " place with --value.";

  private static final int WIDTH = 80;

  private ConflictText() {}

  /** Prints it. */
  public static void print(PrintWriter to, ListedConflict conflict) {
    to.println(TextTable.cut(Shown.line(conflict.id() + "  " + place(conflict)), WIDTH));
    Wrapped.print(to, "  ", conflict.kind() + ", " + ending(conflict));
    Value base = base(conflict);
    if (base != null) {
      to.println(TextTable.cut("  before " + Shown.line(base.toString()), WIDTH));
    }
    SideBySide sides = new SideBySide();
    boolean values = isOfValues(conflict);
    for (ListedConflict.Side side : conflict.siblings()) {
      String mark = side.shown() ? "*" : " ";
      String heading = side.number() + mark + side.device() + ", " + Times.shown(side.time());
      sides.side(heading, values ? side.value().toString() : did(conflict, side), values);
    }
    sides.print(to);
    String next = next(conflict);
    if (next != null) {
      Wrapped.print(to, "  ", next);
    }
  }

  private static String place(ListedConflict conflict) {
    String unit = conflict.unit().isEmpty() || isOfRows(conflict) ? "" : "." + conflict.unit();
    return conflict.table() + " " + conflict.key() + unit;
  }

  private static String ending(ListedConflict conflict) {
    if (conflict.open()) {
      return "TO BE SETTLED by somebody (" + conflict.how() + ")";
    }
    return conflict.by() == null
        ? conflict.how()
        : "settled by a " + conflict.how() + " of " + conflict.by();
  }

  /** What all writers changed, null when they did not change the same. */
  private static Value base(ListedConflict conflict) {
    Value base = null;
    for (ListedConflict.Side side : conflict.siblings()) {
      if (!isOfValues(conflict) || base != null && !base.equals(side.base())) {
        return null;
      }
      base = side.base();
    }
    return base == null || base.equals(Value.NULL) ? null : base;
  }

  private static boolean isOfValues(ListedConflict conflict) {
    boolean ofColumn = conflict.kind().equals("check") && !conflict.unit().isEmpty();
    return conflict.kind().equals("edit/edit") || ofColumn;
  }

  private static String did(ListedConflict conflict, ListedConflict.Side side) {
    String row = side.table() + " " + side.key();
    boolean none = side.value().equals(Value.NULL);
    return switch (conflict.kind()) {
      case "check" -> "wrote " + side.value();
      case "cycle" ->
          side.action().equals("edit") ? "moved " + row + " below " + side.value() : row;
      case "unique" -> row + (side.shown() ? " has " : " wants ") + wanted(conflict, side);
      case "foreign key" -> {
        if (side.action().equals("delete")) {
          yield "deleted " + row;
        }
        String key = side.shown() ? " has this key" : " is not shown";
        yield none ? row + key : row + " refers to " + side.value();
      }
      default -> {
        if (!side.action().equals("row")) {
          yield side.action().equals("delete") ? "deleted the row" : "edited the row";
        }
        yield none ? "is not in the table" : "shows the key " + side.value();
      }
    };
  }

  /** Several values are one text that names them. */
  private static String wanted(ListedConflict conflict, ListedConflict.Side side) {
    return conflict.unit().contains(", ") && side.value() instanceof Value.Text text
        ? text.text()
        : conflict.unit() + " " + side.value();
  }

  /** What a constraint made of it, and what would change that; null for other kinds. */
  private static String next(ListedConflict conflict) {
    boolean deleted = conflict.siblings().stream().anyMatch(side -> side.action().equals("delete"));
    return switch (conflict.how()) {
      case "hidden" ->
          "Not shown until the row that it refers to is: "
              + (deleted ? "--restore brings that back, " : "")
              + "--value lets it refer to another one.";
      case "below" ->
          conflict.siblings().stream().anyMatch(ListedConflict.Side::shown)
              ? "Not shown, since it cannot refer to that key: write one of them with SQL, or let it"
                  + " refer to another one with --value."
              : "Not shown until the row that it refers to is: settle that, or let it refer to"
                  + " another one with --value.";
      case "pinned" -> "Stays while rows refer to it; --restore keeps it for good.";
      case "substituted" ->
          "Shows NULL or its default instead: --restore brings back the row referred to, --value"
              + " refers to another one.";
      case "returned" -> "Shown where it was before, " + BELOW_ITSELF;
      case "rooted" -> "Shown at the root, " + BELOW_ITSELF;
      case "last writer" -> "Merged, the value would break a CHECK or NOT NULL.";
      case "nulled" ->
          "Shows NULL while another row has that: --take one of them, or give the one that shows"
              + " NULL another value with --value.";
      case "parked" ->
          conflict.kind().equals("check")
              ? "Not shown: its values together break a CHECK. INSERT it anew with SQL."
              : "Not shown while another row has that: give it another value with --value, or the"
                  + " other row with SQL, or --take it.";
      default -> null;
    };
  }

  private static boolean isOfRows(ListedConflict conflict) {
    return conflict.kind().equals("key collision");
  }
}
