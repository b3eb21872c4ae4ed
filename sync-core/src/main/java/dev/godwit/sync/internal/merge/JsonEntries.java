package dev.godwit.sync.internal.merge;

import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The entries of a JSON array or object, each with its text as it was written.
 *
 * <p>An entry of an object is named by its member's name. An entry of an array is named by its
 * value, and, since an array may hold a value several times, by how many equal ones stand before
 * it: {@code ["a", "a"]} has two entries. Values are equal when they are written alike, apart from
 * white space and the escapes in strings; {@code 1} and {@code 1.0} differ, and so do objects whose
 * members stand in another order.
 *
 * <p>What is not JSON (RFC 8259), is nested deeper than {@value #DEPTH_MAX}, or is an object that
 * holds a name twice or one that UTF-8 cannot write, has no entries: such a value is written and
 * kept as a whole.
 */
public final class JsonEntries {
  /** Deeper values are taken as wholes: lists of tags and settings nest a few levels. */
  static final int DEPTH_MAX = 64;

  private final String text;
  private final StringBuilder canonical = new StringBuilder();
  private int at;

  /**
   * One entry.
   *
   * @param name what makes it the same entry elsewhere
   * @param content its JSON text as written
   */
  public record Entry(String name, String content) {}

  private JsonEntries(String text) {
    this.text = text;
  }

  /** The entries of a value in their order; null when it is no text of that type. */
  public static List<Entry> of(MergeOperation.Type type, Value value) {
    if (!(value instanceof Value.Text text)) {
      return null;
    }
    try {
      JsonEntries reader = new JsonEntries(text.text());
      return type == MergeOperation.Type.SET ? reader.array() : reader.object();
    } catch (NotJson e) {
      return null;
    }
  }

  /** The text of an array or object of these entries. */
  static String text(MergeOperation.Type type, List<Entry> entries) {
    boolean set = type == MergeOperation.Type.SET;
    StringBuilder text = new StringBuilder().append(set ? '[' : '{');
    for (Entry entry : entries) {
      text.append(text.length() == 1 ? "" : ",");
      if (!set) {
        quote(entry.name(), text);
        text.append(':');
      }
      text.append(entry.content());
    }
    return text.append(set ? ']' : '}').toString();
  }

  /** Says that the text is not what is looked for; has no stack, since it is no failure. */
  private static final class NotJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotJson() {
      super(null, null, false, false);
    }
  }

  private List<Entry> array() {
    List<Entry> entries = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    expect('[');
    if (!takes(']')) {
      do {
        String content = element();
        int before = counts.merge(canonical.toString(), 1, Integer::sum) - 1;
        entries.add(new Entry(before + ":" + canonical, content));
      } while (takes(','));
      expect(']');
    }
    end();
    return entries;
  }

  private List<Entry> object() {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    expect('{');
    if (!takes('}')) {
      do {
        space();
        String name = string();
        if (!names.add(name) || hasLoneSurrogate(name)) {
          throw new NotJson();
        }
        expect(':');
        entries.add(new Entry(name, element()));
      } while (takes(','));
      expect('}');
    }
    end();
    return entries;
  }

  /** Reads one value; its canonical form is left behind. */
  private String element() {
    space();
    int from = at;
    canonical.setLength(0);
    value(1);
    return text.substring(from, at);
  }

  private void value(int depth) {
    if (depth > DEPTH_MAX) {
      throw new NotJson();
    }
    space();
    char next = peek();
    if (next == '"') {
      quote(string(), canonical);
    } else if (next == '[' || next == '{') {
      structure(next == '{', depth);
    } else if (next == '-' || isDigit(next)) {
      number();
    } else {
      word();
    }
  }

  private void structure(boolean object, int depth) {
    char close = object ? '}' : ']';
    canonical.append(text.charAt(at++));
    if (!takes(close)) {
      boolean first = true;
      do {
        canonical.append(first ? "" : ",");
        first = false;
        if (object) {
          space();
          quote(string(), canonical);
          expect(':');
          canonical.append(':');
        }
        value(depth + 1);
      } while (takes(','));
      expect(close);
    }
    canonical.append(close);
  }

  private void number() {
    int from = at;
    at += peek() == '-' ? 1 : 0;
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      at += peek() == '+' || peek() == '-' ? 1 : 0;
      digits();
    }
    canonical.append(text, from, at);
  }

  private void digits() {
    if (!isDigit(peek())) {
      throw new NotJson();
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private void word() {
    for (String word : new String[] {"true", "false", "null"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        canonical.append(word);
        return;
      }
    }
    throw new NotJson();
  }

  private String string() {
    if (peek() != '"') {
      throw new NotJson();
    }
    at++;
    StringBuilder decoded = new StringBuilder();
    while (peek() != '"') {
      char next = peek();
      if (next < ' ') {
        throw new NotJson();
      }
      at++;
      decoded.append(next == '\\' ? escaped() : next);
    }
    at++;
    return decoded.toString();
  }

  private char escaped() {
    char code = peek();
    at++;
    int plain = "\"\\/bfnrt".indexOf(code);
    if (plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (code != 'u' || at + 4 > text.length()) {
      throw new NotJson();
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(text.charAt(at++), 16);
      if (digit < 0) {
        throw new NotJson();
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char next = string.charAt(i);
      if (next == '"' || next == '\\') {
        out.append('\\').append(next);
      } else if (next < ' ' || isLoneSurrogate(string, i)) {
        String hex = Integer.toHexString(next);
        out.append("\\u").append("0000", 0, 4 - hex.length()).append(hex);
      } else {
        out.append(next);
      }
    }
    out.append('"');
  }

  private static boolean hasLoneSurrogate(String string) {
    for (int i = 0; i < string.length(); i++) {
      if (isLoneSurrogate(string, i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether half a pair stands alone: JSON's escapes can say so, UTF-8 cannot. */
  private static boolean isLoneSurrogate(String string, int index) {
    char character = string.charAt(index);
    if (Character.isHighSurrogate(character)) {
      return index + 1 == string.length() || !Character.isLowSurrogate(string.charAt(index + 1));
    }
    return Character.isLowSurrogate(character)
        && (index == 0 || !Character.isHighSurrogate(string.charAt(index - 1)));
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /** The next character, NUL behind the last: it stands for nothing in JSON. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      at++;
    }
  }

  private boolean takes(char character) {
    space();
    boolean there = peek() == character;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char character) {
    if (!takes(character)) {
      throw new NotJson();
    }
  }

  private void end() {
    space();
    if (at != text.length()) {
      throw new NotJson();
    }
  }
}
