package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slow twin of {@link TextHistory}: FugueMax as the paper states it, one tree node a code
 * point, never removed.
 *
 * <p>Weidner and Kleppmann, "The Art of the Fugue", sections 4 and 5. Every operation walks the
 * whole tree.
 */
public final class FugueMaxTree {
  /**
   * An insertion as it travels: the parent and the right origin are named by their ids, null for
   * root and end.
   */
  public record Insertion(Dot id, int codePoint, Dot parent, boolean leftSide, Dot rightOrigin) {}

  private static final class Node {
    final Dot id;
    final int codePoint;
    final Dot rightOrigin;
    final List<Node> left = new ArrayList<>();
    final List<Node> right = new ArrayList<>();
    boolean deleted;

    Node(Dot id, int codePoint, Dot rightOrigin) {
      this.id = id;
      this.codePoint = codePoint;
      this.rightOrigin = rightOrigin;
      deleted = id == null;
    }
  }

  private final Node root = new Node(null, 0, null);
  private final Map<Dot, Node> nodes = new HashMap<>();
  private List<Node> order;

  public FugueMaxTree() {
    nodes.put(null, root);
  }

  /** Inserts a code point before the visible one at the position. */
  public Insertion insert(Dot id, int position, int codePoint) {
    List<Node> order = order();
    int at = 0;
    for (int visible = 0; visible < position; ) {
      at++;
      visible += order.get(at).deleted ? 0 : 1;
    }
    Node leftOrigin = order.get(at);
    Dot rightOrigin = at + 1 < order.size() ? order.get(at + 1).id : null;
    Insertion insertion =
        leftOrigin.right.isEmpty()
            ? new Insertion(id, codePoint, leftOrigin.id, false, rightOrigin)
            : new Insertion(id, codePoint, rightOrigin, true, null);
    receive(insertion);
    return insertion;
  }

  /** Deletes the visible code point at the position; returns its id. */
  public Dot delete(int position) {
    List<Node> order = order();
    int at = -1;
    for (int visible = -1; visible < position; ) {
      at++;
      visible += order.get(at).deleted ? 0 : 1;
    }
    order.get(at).deleted = true;
    return order.get(at).id;
  }

  /** Takes in what another tree has inserted. */
  public void receive(Insertion insertion) {
    Node parent = nodes.get(insertion.parent());
    Node node = new Node(insertion.id(), insertion.codePoint(), insertion.rightOrigin());
    List<Node> siblings = insertion.leftSide() ? parent.left : parent.right;
    List<Node> order = insertion.leftSide() || siblings.isEmpty() ? null : order();
    int at = 0;
    while (at < siblings.size() && comesBefore(siblings.get(at), node, order)) {
      at++;
    }
    siblings.add(at, node);
    nodes.put(insertion.id(), node);
    this.order = null;
  }

  /** Takes in what another tree has deleted. */
  public void receiveDeletion(Dot id) {
    nodes.get(id).deleted = true;
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    for (Node node : order()) {
      if (!node.deleted) {
        text.appendCodePoint(node.codePoint);
      }
    }
    return text.toString();
  }

  int length() {
    int length = 0;
    for (Node node : order()) {
      length += node.deleted ? 0 : 1;
    }
    return length;
  }

  /** The id of a visible code point, null before the first and after the last. */
  Dot idAt(int position) {
    int visible = -1;
    for (Node node : order()) {
      visible += node.deleted ? 0 : 1;
      if (!node.deleted && visible == position) {
        return node.id;
      }
    }
    return null;
  }

  /**
   * How many visible code points come before one, and itself when that is wanted and it is visible.
   */
  int visibleUpTo(Dot id, boolean inclusive) {
    int visible = 0;
    for (Node node : order()) {
      boolean found = id.equals(node.id);
      visible += node.deleted || found && !inclusive ? 0 : 1;
      if (found) {
        return visible;
      }
    }
    throw new IllegalArgumentException("expected a node of the tree but got " + id);
  }

  /** Left siblings by id; right siblings by right origins in reverse, then by id. */
  private boolean comesBefore(Node sibling, Node node, List<Node> order) {
    if (order != null) {
      int byOrigin =
          Integer.compare(place(sibling.rightOrigin, order), place(node.rightOrigin, order));
      if (byOrigin != 0) {
        return byOrigin > 0;
      }
    }
    return sibling.id.compareTo(node.id) < 0;
  }

  private int place(Dot rightOrigin, List<Node> order) {
    return rightOrigin == null ? order.size() : order.indexOf(nodes.get(rightOrigin));
  }

  /** All nodes in document order, walked again after each insertion. */
  private List<Node> order() {
    if (order == null) {
      order = new ArrayList<>(nodes.size());
      // An explicit stack, because text typed onwards makes a tree as deep as the text is long;
      // null follows a node
      // whose left children have been walked.
      ArrayList<Node> pending = new ArrayList<>();
      pending.add(root);
      while (!pending.isEmpty()) {
        Node node = pending.remove(pending.size() - 1);
        if (node == null) {
          order.add(pending.remove(pending.size() - 1));
          continue;
        }
        addReversed(node.right, pending);
        pending.add(node);
        pending.add(null);
        addReversed(node.left, pending);
      }
    }
    return order;
  }

  private static void addReversed(List<Node> children, List<Node> pending) {
    for (int i = children.size() - 1; i >= 0; i--) {
      pending.add(children.get(i));
    }
  }
}
