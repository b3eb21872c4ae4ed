package dev.godwit.sync.internal.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the text of a CREATE UNIQUE INDEX statement says, in the form in which SQLite keeps it.
 *
 * @param name of the index
 * @param table that it is on, as the statement has it
 * @param terms its columns or expressions, each with COLLATE and order behind it
 * @param where what stands behind WHERE, empty for an index over all rows
 */
record IndexText(String name, String table, List<List<SqlToken>> terms, List<SqlToken> where) {
  /** Reads a statement; null for one that makes anything but a unique index. */
  static IndexText of(String createIndex) {
    List<SqlToken> tokens = SqlToken.of(createIndex);
    boolean unique =
        tokens.size() > 6
            && tokens.get(0).isWord("CREATE")
            && tokens.get(1).isWord("UNIQUE")
            && tokens.get(2).isWord("INDEX")
            && tokens.get(4).isWord("ON")
            && tokens.get(6).isSign("(");
    if (!unique) {
      return null;
    }
    int close = TableText.closing(tokens, 6);
    boolean partial = close + 1 < tokens.size() && tokens.get(close + 1).isWord("WHERE");
    List<SqlToken> where =
        partial ? tokens.subList(close + 2, tokens.size()) : Collections.emptyList();
    List<List<SqlToken>> terms = new ArrayList<>(TableText.items(tokens, 7, close));
    return new IndexText(tokens.get(3).text(), tokens.get(5).text(), terms, where);
  }
}
