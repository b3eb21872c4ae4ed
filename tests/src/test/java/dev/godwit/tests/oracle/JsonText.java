package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes JSON texts apart that SQLite has found to be such. */
final class JsonText {
  private JsonText() {}

  /**
   * The entries of an array, named by value and by how many equal ones stand before it, or of an
   * object, named by member; each with its text. Null for what is none, and for an object that
   * holds a name twice.
   */
  static Map<String, String> entries(Value value, boolean array) {
    if (!(value instanceof Value.Text text)) {
      return null;
    }
    String type = AskedSqlite.jsonType(text.text());
    if (!(array ? "array" : "object").equals(type)) {
      return null;
    }
    Map<String, String> entries = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (String part : parts(text.text().trim(), ',')) {
      if (array) {
        String bare = bare(part);
        entries.put(counts.merge(bare, 1, Integer::sum) - 1 + ":" + bare, part);
      } else {
        List<String> member = parts("{" + part + "}", ':');
        String name = bare(member.get(0));
        if (entries.put(name.substring(1, name.length() - 1), member.get(1)) != null) {
          return null;
        }
      }
    }
    return entries;
  }

  /** What stands between signs of the outermost level, without the space around it. */
  private static List<String> parts(String text, char sign) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 1; i < text.length() - 1; i++) {
      char next = text.charAt(i);
      quoted ^= next == '"' && text.charAt(i - 1) != '\\';
      depth += quoted ? 0 : "[{".indexOf(next) >= 0 ? 1 : "]}".indexOf(next) >= 0 ? -1 : 0;
      if (next == sign && depth == 0 && !quoted) {
        parts.add(part.toString().trim());
        part.setLength(0);
      } else {
        part.append(next);
      }
    }
    if (!parts.isEmpty() || part.toString().trim().length() > 0) {
      parts.add(part.toString().trim());
    }
    return parts;
  }

  /** Without white space outside of strings; the one escape that the tests write is undone. */
  private static String bare(String text) {
    StringBuilder bare = new StringBuilder();
    boolean quoted = false;
    for (char next : text.replace("\\u0061", "a").toCharArray()) {
      quoted ^= next == '"';
      if (quoted || next != ' ') {
        bare.append(next);
      }
    }
    return bare.toString();
  }

  static String quoted(String name) {
    return '"' + name + '"';
  }
}
