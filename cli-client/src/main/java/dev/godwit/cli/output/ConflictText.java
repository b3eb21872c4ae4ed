package dev.godwit.cli.output;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.ListedConflict;
import java.io.PrintWriter;

/** A conflict for people: what met, side by side. */
public final class ConflictText {
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
    boolean values = conflict.kind().equals("edit/edit");
    for (ListedConflict.Side side : conflict.siblings()) {
      String mark = side.shown() ? "*" : " ";
      String heading = side.number() + mark + side.device() + ", " + Times.shown(side.time());
      sides.side(heading, values ? side.value().toString() : did(side), values);
    }
    sides.print(to);
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
      if (!conflict.kind().equals("edit/edit") || base != null && !base.equals(side.base())) {
        return null;
      }
      base = side.base();
    }
    return base == null || base.equals(Value.NULL) ? null : base;
  }

  private static String did(ListedConflict.Side side) {
    if (!side.action().equals("row")) {
      return side.action().equals("delete") ? "deleted the row" : "edited the row";
    }
    return side.value().equals(Value.NULL)
        ? "is not in the table"
        : "shows the key " + side.value();
  }

  private static boolean isOfRows(ListedConflict conflict) {
    return conflict.siblings().get(0).action().equals("row");
  }
}
