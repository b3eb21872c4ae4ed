package dev.godwit.crdt.causality;

/** How one state of knowledge stands to another. */
public enum Causality {
  /** Both know the same. */
  EQUAL,
  /** The other knows everything of this, and more. */
  BEFORE,
  /** This knows everything of the other, and more. */
  AFTER,
  /** Each knows something that the other does not. */
  CONCURRENT
}
