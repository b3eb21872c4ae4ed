package dev.godwit.sync.internal.check;

import java.util.ArrayList;
import java.util.List;

/** The patterns of LIKE and GLOB. Takes time proportional to text times pattern at most. */
final class Wildcards {
  private final List<Part> parts;

  /** One part of a pattern: any number of characters, or one character of some kind. */
  private interface Part {
    boolean matches(int character);
  }

  private static final Part ANY_NUMBER = character -> false;
  private static final Part ANY_ONE = character -> true;
  private static final Part NOTHING = character -> false;

  private Wildcards(List<Part> parts) {
    this.parts = parts;
  }

  /** {@code %} and {@code _}; letters of ASCII in either case. */
  static boolean like(String text, String pattern) {
    List<Part> parts = new ArrayList<>();
    for (int c : pattern.codePoints().toArray()) {
      int folded = folded(c);
      parts.add(c == '%' ? ANY_NUMBER : c == '_' ? ANY_ONE : other -> folded(other) == folded);
    }
    return new Wildcards(parts).match(text.codePoints().toArray());
  }

  private static int folded(int character) {
    return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
  }

  /** {@code *}, {@code ?} and {@code [...]}. */
  static boolean glob(String text, String pattern) {
    int[] characters = pattern.codePoints().toArray();
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < characters.length) {
      int c = characters[at++];
      if (c == '[') {
        int close = close(characters, at);
        // An open bracket that is never closed matches nothing.
        parts.add(close < 0 ? NOTHING : oneOf(characters, at, close));
        at = close < 0 ? characters.length : close + 1;
      } else {
        parts.add(c == '*' ? ANY_NUMBER : c == '?' ? ANY_ONE : other -> other == c);
      }
    }
    return new Wildcards(parts).match(text.codePoints().toArray());
  }

  private static int close(int[] pattern, int open) {
    int at = open < pattern.length && pattern[open] == '^' ? open + 1 : open;
    // A closing bracket that comes first is one of the characters.
    for (at++; at < pattern.length; at++) {
      if (pattern[at] == ']') {
        return at;
      }
    }
    return -1;
  }

  private static Part oneOf(int[] pattern, int open, int close) {
    boolean inverted = pattern[open] == '^';
    int from = inverted ? open + 1 : open;
    return character -> contains(pattern, from, close, character) != inverted;
  }

  private static boolean contains(int[] pattern, int from, int close, int character) {
    boolean seen = false;
    int before = -1;
    for (int at = from; at < close; at++) {
      boolean range = pattern[at] == '-' && at + 1 < close && before >= 0 && at > from;
      if (range) {
        at++;
        seen |= character >= before && character <= pattern[at];
        before = -1;
      } else {
        seen |= character == pattern[at];
        before = pattern[at];
      }
    }
    return seen;
  }

  private boolean match(int[] text) {
    int part = 0;
    int at = 0;
    int retryPart = -1;
    int retryAt = 0;
    while (at < text.length) {
      if (part < parts.size() && parts.get(part) == ANY_NUMBER) {
        retryPart = ++part;
        retryAt = at;
      } else if (part < parts.size() && parts.get(part).matches(text[at])) {
        part++;
        at++;
      } else if (retryPart >= 0) {
        part = retryPart;
        at = ++retryAt;
      } else {
        return false;
      }
    }
    while (part < parts.size() && parts.get(part) == ANY_NUMBER) {
      part++;
    }
    return part == parts.size();
  }
}
