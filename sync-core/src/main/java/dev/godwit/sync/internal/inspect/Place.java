package dev.godwit.sync.internal.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a listing goes on, as one word: its kind, then numbers and bytes, separated by full stops.
 * Opaque to callers; whatever is not such a word is refused.
 */
final class Place {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private final List<String> parts = new ArrayList<>();
  private final String text;

  private Place(String text) {
    this.text = text;
    int from = 0;
    for (int at = text.indexOf('.'); at >= 0; at = text.indexOf('.', from)) {
      parts.add(text.substring(from, at));
      from = at + 1;
    }
    parts.add(text.substring(from));
  }

  static Place of(String kind) {
    return new Place(kind);
  }

  static Place parse(String text) {
    return new Place(text);
  }

  Place with(long number) {
    return new Place(text + "." + number);
  }

  Place with(byte[] bytes) {
    StringBuilder hex = new StringBuilder(text).append('.');
    for (byte b : bytes) {
      hex.append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
    }
    return new Place(hex.toString());
  }

  Place with(String part) {
    return with(part.getBytes(StandardCharsets.UTF_8));
  }

  boolean isOf(String kind, int partCount) {
    return parts.get(0).equals(kind) && parts.size() == partCount + 1;
  }

  long number(int part) {
    try {
      return Long.parseLong(parts.get(part + 1));
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  byte[] bytes(int part) {
    String hex = parts.get(part + 1);
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(hex.charAt(2 * i), 16);
      int low = Character.digit(hex.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        throw malformed();
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  String text(int part) {
    return new String(bytes(part), StandardCharsets.UTF_8);
  }

  IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "expected where an earlier page of this listing ended but got '"
            + ReadableKey.bounded(text)
            + "': begin with the first page");
  }

  @Override
  public String toString() {
    return text;
  }
}
