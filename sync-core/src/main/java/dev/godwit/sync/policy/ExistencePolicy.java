package dev.godwit.sync.policy;

/** Whether a row is shown that one device deleted while another, unaware of that, wrote to it. */
public enum ExistencePolicy {
  /** The row is shown, whole. The default: nobody's work disappears. */
  UPDATE_WINS("update-wins"),
  /** The row is not shown until somebody who has seen the delete inserts it again. */
  DELETE_WINS("delete-wins");

  private final String text;

  ExistencePolicy(String text) {
    this.text = text;
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static ExistencePolicy parse(String text) {
    for (ExistencePolicy policy : values()) {
      if (policy.text.equals(text)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "expected update-wins or delete-wins but got \"" + text + "\"");
  }

  @Override
  public String toString() {
    return text;
  }
}
