package dev.godwit.sync.wire;

/**
 * The first number of every item: what it is. Never reused; receivers skip kinds that they do not
 * know.
 */
final class ItemKind {
  static final int REQUEST = 1;
  static final int ANSWER = 2;
  static final int PART = 3;
  static final int END = 4;
  static final int ERROR = 5;

  private ItemKind() {}
}
