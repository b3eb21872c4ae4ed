package dev.godwit.crdt.text;

import java.util.Map;
import java.util.TreeMap;

/**
 * The items of a replay in document order, found by visible position or by id.
 *
 * <p>A B+ tree that counts, under each node, the code points visible at the version of the replay
 * and those kept in the merged text; beside it an index of the items by their first id. Items are
 * added and split but never removed; every operation costs the logarithm of their number.
 */
final class ItemTree {
  private static final int FANOUT = 32;

  /** A node with its two sums. */
  private abstract static class Node {
    Branch parent;
    int visible;
    int kept;
  }

  /** Items next to one another. */
  static final class Leaf extends Node {
    private final Item[] items = new Item[FANOUT];
    private int count;
    private Leaf next;

    private int indexOf(Item item) {
      int index = 0;
      while (items[index] != item) {
        index++;
      }
      return index;
    }
  }

  private static final class Branch extends Node {
    private final Node[] children = new Node[FANOUT];
    private int count;

    private int indexOf(Node child) {
      int index = 0;
      while (children[index] != child) {
        index++;
      }
      return index;
    }
  }

  private final TreeMap<Integer, Item> byId = new TreeMap<>();
  private final Leaf first = new Leaf();
  private Node root = first;
  private int offset;

  /** Code points visible at the version of the replay. */
  int visibleLength() {
    return root.visible;
  }

  /** Code points of the merged text. */
  int keptLength() {
    return root.kept;
  }

  /**
   * The item with this visible code point, counted from 0; {@link #offset} tells which of its code
   * points it is.
   */
  Item itemAtVisible(int position) {
    int left = position;
    Node node = root;
    while (node instanceof Branch branch) {
      int child = 0;
      while (left >= branch.children[child].visible) {
        left -= branch.children[child++].visible;
      }
      node = branch.children[child];
    }
    Leaf leaf = (Leaf) node;
    int index = 0;
    while (left >= leaf.items[index].visible()) {
      left -= leaf.items[index++].visible();
    }
    offset = left;
    return leaf.items[index];
  }

  /** Where in its item the code point lies that was found last. */
  int offset() {
    return offset;
  }

  /** The item that holds the id. */
  Item itemOf(int id) {
    Map.Entry<Integer, Item> entry = byId.floorEntry(id);
    return entry.getValue();
  }

  /** The first item of all, or null. */
  Item firstItem() {
    return first.count == 0 ? null : first.items[0];
  }

  /** The item after this one, or null. */
  Item next(Item item) {
    Leaf leaf = item.leaf;
    int index = leaf.indexOf(item) + 1;
    if (index < leaf.count) {
      return leaf.items[index];
    }
    return leaf.next == null ? null : leaf.next.items[0];
  }

  /** How many kept code points precede the item. */
  int keptBefore(Item item) {
    int sum = 0;
    Leaf leaf = item.leaf;
    for (int i = 0; leaf.items[i] != item; i++) {
      sum += leaf.items[i].kept();
    }
    Node node = leaf;
    for (Branch parent = node.parent; parent != null; parent = parent.parent) {
      for (int i = 0; parent.children[i] != node; i++) {
        sum += parent.children[i].kept;
      }
      node = parent;
    }
    return sum;
  }

  /** The document order of two different items: negative when the left one comes first. */
  int compare(Item left, Item right) {
    Node leftNode = left.leaf;
    Node rightNode = right.leaf;
    if (leftNode == rightNode) {
      return left.leaf.indexOf(left) - right.leaf.indexOf(right);
    }
    while (leftNode.parent != rightNode.parent) {
      leftNode = leftNode.parent;
      rightNode = rightNode.parent;
    }
    return leftNode.parent.indexOf(leftNode) - leftNode.parent.indexOf(rightNode);
  }

  /** Makes an item longer at its end by code points of its own state. */
  void extend(Item item, int count) {
    item.length += count;
    count(item.leaf, item.visible() > 0 ? count : 0, item.kept() > 0 ? count : 0);
  }

  /** Changes the sums above the item, whose own fields changed by this much. */
  void count(Item item, int visible, int kept) {
    if (visible != 0 || kept != 0) {
      count(item.leaf, visible, kept);
    }
  }

  /** Adds an item after another one, or before all others when that is null. */
  void insertAfter(Item left, Item item) {
    Leaf leaf = left == null ? first : left.leaf;
    int index = left == null ? 0 : leaf.indexOf(left) + 1;
    if (leaf.count == FANOUT) {
      Leaf right = split(leaf);
      if (index > leaf.count) {
        index -= leaf.count;
        leaf = right;
      }
    }
    System.arraycopy(leaf.items, index, leaf.items, index + 1, leaf.count - index);
    leaf.items[index] = item;
    leaf.count++;
    item.leaf = leaf;
    byId.put(item.id, item);
    count(leaf, item.visible(), item.kept());
  }

  /** Cuts an item in two; returns the second, which begins with the code point at the offset. */
  Item split(Item item, int at) {
    Item right = new Item(item.id + at, item.length - at, item.id + at - 1, item.rightOrigin);
    right.inserted = item.inserted;
    right.deletions = item.deletions;
    right.everDeleted = item.everDeleted;
    count(item.leaf, -right.visible(), -right.kept());
    item.length = at;
    insertAfter(item, right);
    return right;
  }

  private static void count(Node node, int visible, int kept) {
    for (Node above = node; above != null; above = above.parent) {
      above.visible += visible;
      above.kept += kept;
    }
  }

  private Leaf split(Leaf leaf) {
    Leaf right = new Leaf();
    int moved = FANOUT / 2;
    leaf.count -= moved;
    right.count = moved;
    for (int i = 0; i < moved; i++) {
      Item item = leaf.items[leaf.count + i];
      leaf.items[leaf.count + i] = null;
      right.items[i] = item;
      item.leaf = right;
      right.visible += item.visible();
      right.kept += item.kept();
    }
    right.next = leaf.next;
    leaf.next = right;
    addSibling(leaf, right);
    return right;
  }

  /** Puts a new node right of an old one that it took its sums from. */
  private void addSibling(Node left, Node right) {
    Branch parent = left.parent == null ? newRoot(left) : left.parent;
    if (parent.count == FANOUT) {
      split(parent);
      parent = left.parent;
    }
    left.visible -= right.visible;
    left.kept -= right.kept;
    int index = parent.indexOf(left) + 1;
    System.arraycopy(parent.children, index, parent.children, index + 1, parent.count - index);
    parent.children[index] = right;
    parent.count++;
    right.parent = parent;
  }

  private void split(Branch branch) {
    Branch right = new Branch();
    int moved = FANOUT / 2;
    branch.count -= moved;
    right.count = moved;
    for (int i = 0; i < moved; i++) {
      Node child = branch.children[branch.count + i];
      branch.children[branch.count + i] = null;
      right.children[i] = child;
      child.parent = right;
      right.visible += child.visible;
      right.kept += child.kept;
    }
    addSibling(branch, right);
  }

  private Branch newRoot(Node child) {
    Branch branch = new Branch();
    branch.children[0] = child;
    branch.count = 1;
    branch.visible = child.visible;
    branch.kept = child.kept;
    child.parent = branch;
    root = branch;
    return branch;
  }
}
