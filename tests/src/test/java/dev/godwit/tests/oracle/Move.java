package dev.godwit.tests.oracle;

/** What becomes of a move in a tree. */
enum Move {
  /** It is shown. */
  STANDS,
  /** The row shows where it was before. */
  RETURNED,
  /** The row is at the root. */
  ROOTED
}
