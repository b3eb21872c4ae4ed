package dev.godwit.sync.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * How one column shows writes that were made concurrently, agreed on by all replicas of a space.
 *
 * <p>A policy never decides between a write and an earlier one that its author had seen: there the
 * later one stands, whatever the clocks say. Policies travel as text ({@link #toString}, {@link
 * #parse}), for example {@code replica-priority('desk', 'phone')} or {@code last-writer-wins in
 * group 'when'}, in the order: kind, group, reference, {@code tree} or {@code null where taken}.
 * Immutable and thread safe.
 */
public final class ColumnPolicy {
  /** Longer texts are refused: the longest sensible one is a list of some dozens of devices. */
  public static final int TEXT_LENGTH_MAX = 10_000;

  private static final String NULL_WHERE_TAKEN = "null where taken";

  private static final ColumnPolicy LAST_WRITER_WINS =
      new ColumnPolicy(Kind.LAST_WRITER_WINS, List.of(), null, null, false, false);

  private final Kind kind;
  private final List<String> arguments;
  private final String group;
  private final Reference reference;
  private final boolean tree;
  private final boolean nullWhereTaken;

  /**
   * What a column refers to without a FOREIGN KEY clause that says so.
   *
   * @param table the table whose primary key the column holds
   * @param onDelete what becomes of the row when the one that it refers to is away
   */
  public record Reference(String table, OnDelete onDelete) {
    public Reference {
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(onDelete, "onDelete");
    }

    @Override
    public String toString() {
      return "references " + quoted(table) + " on delete " + onDelete;
    }
  }

  /** The rules that a column can follow. */
  public enum Kind {
    /** The highest timestamp, then the highest dot. The default. */
    LAST_WRITER_WINS("last-writer-wins", 0, 0),
    /** The first by a declared order of devices; unknown devices last. */
    REPLICA_PRIORITY("replica-priority", 1, 1_000),
    /** As last-writer-wins, and open as a conflict until somebody has seen all versions. */
    MANUAL("manual", 0, 0),
    /** The largest, in SQLite's order: NULL, numbers, texts, blobs. */
    MAX("max", 0, 0),
    /** The smallest, in the same order. */
    MIN("min", 0, 0),
    /** What the application's {@link Resolver} of that name makes of them. */
    CUSTOM("custom", 1, 1),
    /** The sum of all steps: {@code SET n = n + 1} on two devices adds up. */
    COUNTER("counter", 0, 0),
    /** A JSON array: what anybody adds or removes is added or removed; adding wins. */
    SET("set", 0, 0),
    /** A JSON object: the same member by member. */
    MAP("map", 0, 0),
    /** Letters: edits of different devices are merged. */
    TEXT("text", 0, 0);

    private final String text;
    private final int argumentsMin;
    private final int argumentsMax;

    Kind(String text, int argumentsMin, int argumentsMax) {
      this.text = text;
      this.argumentsMin = argumentsMin;
      this.argumentsMax = argumentsMax;
    }

    /** The name as it is written in a policy's text. */
    @Override
    public String toString() {
      return text;
    }

    /** Whether operations are merged rather than one of the writes picked. */
    public boolean merges() {
      return ordinal() >= COUNTER.ordinal();
    }

    private boolean picksWhole() {
      return this == LAST_WRITER_WINS || this == REPLICA_PRIORITY || this == MANUAL;
    }
  }

  private ColumnPolicy(
      Kind kind,
      List<String> arguments,
      String group,
      Reference reference,
      boolean tree,
      boolean nullWhereTaken) {
    this.kind = kind;
    this.arguments = List.copyOf(arguments);
    this.group = group;
    this.reference = reference;
    this.tree = tree;
    this.nullWhereTaken = nullWhereTaken;
  }

  private static ColumnPolicy of(Kind kind, List<String> arguments) {
    return new ColumnPolicy(kind, arguments, null, null, false, false);
  }

  /** The highest timestamp, then the highest dot: what every column follows by default. */
  public static ColumnPolicy lastWriterWins() {
    return LAST_WRITER_WINS;
  }

  /**
   * The write of the device that comes first in this order; of devices that are not listed, and of
   * two with one name, the last writer's.
   *
   * @param devices device names, the preferred first
   */
  public static ColumnPolicy replicaPriority(String... devices) {
    List<String> order = List.of(devices);
    if (order.isEmpty() || new HashSet<>(order).size() != order.size()) {
      throw new IllegalArgumentException(
          "expected one or more different device names but got " + order);
    }
    return of(Kind.REPLICA_PRIORITY, order);
  }

  /**
   * The last writer's, for the time being; the conflict stays open until a write or a resolution is
   * made by somebody who has seen all versions.
   */
  public static ColumnPolicy manual() {
    return of(Kind.MANUAL, List.of());
  }

  /** The largest of the concurrent values, in SQLite's order of values. */
  public static ColumnPolicy max() {
    return of(Kind.MAX, List.of());
  }

  /** The smallest of the concurrent values, in SQLite's order of values. */
  public static ColumnPolicy min() {
    return of(Kind.MIN, List.of());
  }

  /**
   * What the {@link Resolver} registered under this name makes of the concurrent values. Devices
   * without it show the last writer's until one that has it seals its result.
   */
  public static ColumnPolicy custom(String resolver) {
    return of(Kind.CUSTOM, List.of(resolver));
  }

  /**
   * A number whose steps add up: {@code UPDATE t SET n = n + 1} on two devices makes it grow by
   * two.
   *
   * <p>What a write changed is the difference to what the table showed. Setting it to NULL, to what
   * is no number, or to 0 by a step other than 1 sets it anew; steps made elsewhere without having
   * seen that count on the new value. A row that was deleted and inserted again starts anew. Sums
   * are exact, and rounded or, at the ends of 64 bits, saturated once.
   */
  public static ColumnPolicy counter() {
    return of(Kind.COUNTER, List.of());
  }

  /**
   * A JSON array in a TEXT column as a set: entries that one device adds and entries that another
   * one removes are both added and removed; an entry that one removes while another adds it again
   * stays. Equal entries are counted. A value that is no JSON array is written as a whole.
   */
  public static ColumnPolicy set() {
    return of(Kind.SET, List.of());
  }

  /**
   * A JSON object in a TEXT column as a map: as {@link #set}, member by member; of two concurrent
   * values of one member the last writer's is shown. A value that is no JSON object is written as a
   * whole.
   */
  public static ColumnPolicy map() {
    return of(Kind.MAP, List.of());
  }

  /**
   * A TEXT column whose edits are merged letter by letter: what one device types between the words
   * that another one deletes stays. The edits are worked out from the text before and after; a text
   * that is replaced as a whole is one edit. Setting it to NULL, or inserting the row again, sets
   * the text anew; a concurrent edit of the old one then stands against that as a whole.
   */
  public static ColumnPolicy text() {
    return of(Kind.TEXT, List.of());
  }

  /**
   * This policy for several columns of one table that only make sense together, such as the begin
   * and the end of an event: a write to one of them writes all, and one write is shown as a whole.
   *
   * @param name the same for all columns of the group
   * @throws IllegalArgumentException when the policy does not pick one of the writes as it is, or
   *     is that of a tree
   */
  public ColumnPolicy inGroup(String name) {
    if (!kind.picksWhole()) {
      throw new IllegalArgumentException(
          "expected a policy that shows one write as a whole for group '"
              + name
              + "' (last-writer-wins, replica-priority, manual) but got "
              + kind);
    }
    if (tree) {
      throw inGroupAndTree(name);
    }
    return new ColumnPolicy(
        kind, arguments, Objects.requireNonNull(name, "name"), reference, false, nullWhereTaken);
  }

  /**
   * This policy for a column that holds the primary key of another row, or of one of the same
   * table, in a schema that has no FOREIGN KEY clause for it. When concurrent writes are brought
   * together it is as if there were one: rows follow the row that they refer to when that gets
   * another key, and {@code onDelete} says what becomes of them when it is deleted elsewhere.
   * SQLite enforces nothing: what a device does by itself it does to itself.
   *
   * <p>Values that were written before the column was declared a reference, or by somebody who had
   * not heard of it, are values and no more until they are written again.
   *
   * @param table the table referred to
   * @throws IllegalArgumentException when the policy merges what was written, or is {@link
   *     #nullWhereTaken}
   */
  public ColumnPolicy references(String table, OnDelete onDelete) {
    if (kind.merges()) {
      throw new IllegalArgumentException(
          "expected a policy that shows one of the values written for a reference to '"
              + table
              + "' but got "
              + kind
              + ": what is merged may be nobody's key");
    }
    requireNoReferenceWithNull(nullWhereTaken);
    return new ColumnPolicy(kind, arguments, group, new Reference(table, onDelete), tree, false);
  }

  /**
   * This policy for a column that says which row of the same table each row hangs on: a folder's
   * folder, a task's task. It must be a reference to its own table, by a FOREIGN KEY clause or by
   * {@link #references}, and allow NULL, which says that a row is at the root; a row that refers to
   * itself is at the root too.
   *
   * <p>Two devices can each move a row, and make a cycle together. Of the moves that make it the
   * latest is not shown: the row is where it was before, or at the root, and the conflict is
   * listed. The move shows by itself when others break the cycle.
   *
   * @throws IllegalArgumentException when the policy is not {@link #lastWriterWins} or {@link
   *     #manual}, is that of a group, or is {@link #nullWhereTaken}
   */
  public ColumnPolicy asTree() {
    if (kind != Kind.LAST_WRITER_WINS && kind != Kind.MANUAL) {
      throw new IllegalArgumentException(
          "expected a policy that shows the last move for a tree (last-writer-wins, manual) but got "
              + kind);
    }
    if (group != null) {
      throw inGroupAndTree(group);
    }
    requireNoReferenceWithNull(nullWhereTaken);
    return new ColumnPolicy(kind, arguments, null, reference, true, false);
  }

  /**
   * This policy for a column in a UNIQUE constraint or index, whose rows matter more than its
   * values: where another row has what this one wants, this one stays in its table and shows NULL
   * in the column. The conflict is listed, and the value shows by itself when it is free. Without
   * this such a row is out of its table meanwhile.
   *
   * <p>The column must allow NULL and be no reference. Where NULL would break a CHECK, or the index
   * has an expression over the column rather than the column itself, the row is out all the same.
   *
   * @throws IllegalArgumentException when the policy merges what was written, or is that of a
   *     reference or a tree
   */
  public ColumnPolicy nullWhereTaken() {
    if (kind.merges()) {
      throw new IllegalArgumentException(
          "expected a policy that shows one of the values written for a column that shows NULL"
              + " where its value is taken but got "
              + kind
              + ": what is merged cannot be unique");
    }
    requireNoReferenceWithNull(reference != null || tree);
    return new ColumnPolicy(kind, arguments, group, null, false, true);
  }

  private static void requireNoReferenceWithNull(boolean both) {
    if (both) {
      throw new IllegalArgumentException(
          "expected a reference or a column that shows NULL where its value is taken but got both:"
              + " what a row refers to is not given up for another row");
    }
  }

  private static IllegalArgumentException inGroupAndTree(String group) {
    return new IllegalArgumentException(
        "expected a tree or a column of group '"
            + group
            + "' but got both: a move that would close a cycle is taken back alone");
  }

  public Kind kind() {
    return kind;
  }

  /** Device names or the name of the resolver, as the kind has it. */
  public List<String> arguments() {
    return arguments;
  }

  /** The group of columns it belongs to, null for none. */
  public String group() {
    return group;
  }

  /** What the column was declared to refer to, null for nothing. */
  public Reference reference() {
    return reference;
  }

  /** Whether it was declared that what the column says makes a tree. */
  public boolean isTree() {
    return tree;
  }

  /** Whether a row shows NULL in the column where another one has its unique value. */
  public boolean isNullWhereTaken() {
    return nullWhereTaken;
  }

  /**
   * Reads the text of a policy.
   *
   * @throws IllegalArgumentException when it is not one that this version knows
   */
  public static ColumnPolicy parse(String text) {
    return new Parser(text).policy();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.toString());
    if (!arguments.isEmpty()) {
      List<String> quoted = new ArrayList<>();
      arguments.forEach(argument -> quoted.add(quoted(argument)));
      text.append('(').append(String.join(", ", quoted)).append(')');
    }
    if (group != null) {
      text.append(" in group ").append(quoted(group));
    }
    if (reference != null) {
      text.append(' ').append(reference);
    }
    text.append(tree ? " tree" : "");
    return text.append(nullWhereTaken ? " " + NULL_WHERE_TAKEN : "").toString();
  }

  private static String quoted(String argument) {
    return "'" + argument.replace("'", "''") + "'";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ColumnPolicy that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Reads a policy from left to right. */
  private static final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text;
      if (text.length() > TEXT_LENGTH_MAX) {
        throw new IllegalArgumentException(
            "expected a policy of at most "
                + TEXT_LENGTH_MAX
                + " characters but got "
                + text.length());
      }
    }

    private ColumnPolicy policy() {
      boolean unsaid =
          text.startsWith("references ") || text.equals("tree") || text.equals(NULL_WHERE_TAKEN);
      ColumnPolicy policy = unsaid ? LAST_WRITER_WINS : kindAndArguments();
      policy = takes("in") && takes("group") ? policy.inGroup(argument()) : policy;
      policy = takes("references ") ? referring(policy) : policy;
      policy = takes("tree") ? policy.asTree() : policy;
      policy = takes(NULL_WHERE_TAKEN) ? policy.nullWhereTaken() : policy;
      spaces();
      if (at != text.length()) {
        throw unreadable(
            "one of [in group, references, tree, " + NULL_WHERE_TAKEN + "], or the end");
      }
      return policy;
    }

    private ColumnPolicy kindAndArguments() {
      int from = at;
      while (at < text.length()
          && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '-')) {
        at++;
      }
      Kind kind = kind(text.substring(from, at));
      List<String> arguments = takes("(") ? arguments() : Collections.emptyList();
      if (arguments.size() < kind.argumentsMin || arguments.size() > kind.argumentsMax) {
        throw unreadable("another number of arguments");
      }
      return of(kind, arguments);
    }

    /** Reads a table, quoted or not, and the action; without one deletes are restricted. */
    private ColumnPolicy referring(ColumnPolicy policy) {
      spaces();
      String table = text.startsWith("'", at) ? argument() : word();
      if (!takes("on delete ")) {
        return policy.references(table, OnDelete.RESTRICT);
      }
      for (OnDelete action : OnDelete.values()) {
        if (takes(action.toString())) {
          return policy.references(table, action);
        }
      }
      if (takes("no action")) {
        return policy.references(table, OnDelete.RESTRICT);
      }
      throw unreadable("one of " + List.of(OnDelete.values()));
    }

    private String word() {
      int from = at;
      while (at < text.length() && text.charAt(at) != ' ') {
        at++;
      }
      if (at == from) {
        throw unreadable("a table");
      }
      return text.substring(from, at);
    }

    private Kind kind(String name) {
      for (Kind kind : Kind.values()) {
        if (kind.text.equals(name)) {
          return kind;
        }
      }
      at = 0;
      throw unreadable("one of " + List.of(Kind.values()) + ", tree, or " + NULL_WHERE_TAKEN + ",");
    }

    private List<String> arguments() {
      List<String> arguments = new ArrayList<>();
      do {
        arguments.add(argument());
      } while (takes(","));
      if (!takes(")")) {
        throw unreadable("a closing parenthesis");
      }
      return arguments;
    }

    private String argument() {
      if (!takes("'")) {
        throw unreadable("a text in single quotes");
      }
      StringBuilder argument = new StringBuilder();
      while (at < text.length()) {
        char next = text.charAt(at++);
        if (next != '\'') {
          argument.append(next);
        } else if (at < text.length() && text.charAt(at) == '\'') {
          argument.append(text.charAt(at++));
        } else {
          return argument.toString();
        }
      }
      throw unreadable("a closing quote");
    }

    private boolean takes(String token) {
      spaces();
      boolean there = text.startsWith(token, at);
      at += there ? token.length() : 0;
      return there;
    }

    private void spaces() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }

    private IllegalArgumentException unreadable(String expected) {
      int shown = Math.min(text.length(), 100);
      return new IllegalArgumentException(
          "expected " + expected + " at " + at + " of policy \"" + text.substring(0, shown) + "\"");
    }
  }
}
