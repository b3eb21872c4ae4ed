package dev.godwit.sync.protocol;

/**
 * Names one uninterrupted history of one remote: 64 random bits, made when its store is created.
 *
 * <p>A remote that was wiped or set up anew has another one; positions of the old mean nothing
 * there. It needs only to differ from the same remote's earlier ones, so 64 bits are ample.
 *
 * @param value the bits
 */
public record HistoryId(long value) {
  @Override
  public String toString() {
    String digits = Long.toHexString(value);
    return "0000000000000000".substring(digits.length()) + digits;
  }
}
