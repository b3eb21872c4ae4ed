package dev.godwit.tests.oracle;

/** What becomes of a row that refers to one that is not in the table. */
public enum OnDelete {
  /** Nothing: the reference follows its row, and is otherwise a plain value. */
  NOT_JUDGED,
  CASCADE,
  /** RESTRICT and NO ACTION. */
  RESTRICT,
  SET_NULL,
  SET_DEFAULT
}
