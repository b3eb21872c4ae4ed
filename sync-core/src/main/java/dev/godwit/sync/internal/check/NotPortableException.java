package dev.godwit.sync.internal.check;

/**
 * An expression, or a value in it, of which engines of different age and make may think
 * differently: nothing is decided by it.
 */
final class NotPortableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * The reason.
   *
   * @param reason in few words, without contents of rows
   */
  NotPortableException(String reason) {
    // Thrown for single values too, where the stack tells nothing.
    super(reason, null, false, false);
  }
}
