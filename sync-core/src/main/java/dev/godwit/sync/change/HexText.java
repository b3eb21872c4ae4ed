package dev.godwit.sync.change;

/** Hexadecimal text of short byte strings ({@code java.util.HexFormat} is not on Android 26). */
final class HexText {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private HexText() {}

  static String encode(byte[] bytes) {
    char[] text = new char[bytes.length * 2];
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = DIGITS[(bytes[i] >> 4) & 0xf];
      text[2 * i + 1] = DIGITS[bytes[i] & 0xf];
    }
    return new String(text);
  }

  static byte[] decode(String text, int lengthBytes, String noun) {
    byte[] bytes = new byte[lengthBytes];
    if (text.length() != lengthBytes * 2) {
      throw refused(text, lengthBytes, noun);
    }
    for (int i = 0; i < lengthBytes; i++) {
      int high = digit(text.charAt(2 * i));
      int low = digit(text.charAt(2 * i + 1));
      if (high < 0 || low < 0) {
        throw refused(text, lengthBytes, noun);
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  /** ASCII only: {@code Character.digit} would accept the digits of other scripts. */
  private static int digit(char letter) {
    return letter < 128 ? Character.digit(letter, 16) : -1;
  }

  private static IllegalArgumentException refused(String text, int lengthBytes, String noun) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new IllegalArgumentException(
        "expected a "
            + noun
            + " of "
            + lengthBytes * 2
            + " hexadecimal digits but got '"
            + shown
            + "'");
  }
}
