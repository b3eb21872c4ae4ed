package dev.godwit.sync.policy;

/** What becomes of a row when the row that it refers to is away. */
public enum OnDelete {
  /** It goes as well. */
  CASCADE("cascade"),
  /** The row that it refers to stays; SQL's NO ACTION is the same here. */
  RESTRICT("restrict"),
  /** It stays, and refers to nothing. */
  SET_NULL("set null"),
  /** It stays, and shows the default of the column. */
  SET_DEFAULT("set default");

  private final String text;

  OnDelete(String text) {
    this.text = text;
  }

  /** As SQL has it, in lower case. */
  @Override
  public String toString() {
    return text;
  }
}
