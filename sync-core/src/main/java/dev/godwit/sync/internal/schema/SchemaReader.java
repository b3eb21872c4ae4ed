package dev.godwit.sync.internal.schema;

import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a file declares: its tables, and which of them are nobody's to track. */
public final class SchemaReader {
  private static final Set<String> PRIVATE_TABLES = Set.of("android_metadata", "room_master_table");
  private static final String OWN_PREFIX = "godwit_";
  private static final Pattern SHADOW_SUFFIX =
      Pattern.compile("_(content|data|docsize|idx|config|segments|segdir|stat|node|parent|rowid)");
  private static final Pattern TRAILING_KEY_CHECK = Pattern.compile("(?i)\\bcheck\\s*\\(\\s*");

  private final SqliteConnection connection;
  private final boolean listsGenerated;

  public SchemaReader(SqliteConnection connection) {
    this.connection = connection;
    this.listsGenerated = versionAtLeast(3, 26);
  }

  /**
   * Names of the application's ordinary tables; SQLite's, Godwit's, Android's and virtual ones with
   * shadows are not.
   */
  public List<String> applicationTables() {
    Map<String, String> all = new TreeMap<>();
    read(
        "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type = 'table'",
        row -> all.put(row.text(0), row.text(1)));
    List<String> virtual = new ArrayList<>();
    all.forEach((name, sql) -> addVirtual(virtual, name, sql));
    List<String> tables = new ArrayList<>(all.keySet());
    tables.removeIf(name -> isPrivate(name) || virtual.contains(name) || isShadow(name, virtual));
    return tables;
  }

  /** What a name stands for that is no ordinary table of the application, in words. */
  String describe(String name) {
    if (isPrivate(name)) {
      return "which belongs to SQLite, Android or Godwit";
    }
    String[] found = new String[2];
    read(
        "SELECT type, coalesce(sql, '') FROM sqlite_master WHERE name = "
            + Sql.literal(name)
            + " COLLATE NOCASE",
        row -> {
          found[0] = row.text(0);
          found[1] = row.text(1);
        });
    if (found[0] == null) {
      return "which is not in the file";
    }
    if (!found[0].equals("table")) {
      return "which is a" + (found[0].equals("index") ? "n " : " ") + found[0];
    }
    boolean virtual = found[1].regionMatches(true, 0, "CREATE VIRTUAL", 0, 14);
    return virtual ? "which is a virtual table" : "which keeps the data of a virtual table";
  }

  /** The table of that name in any spelling, or null. */
  public TableSchema table(String name) {
    String[] found = new String[2];
    read(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name = "
            + Sql.literal(name)
            + " COLLATE NOCASE",
        row -> {
          found[0] = row.text(0);
          found[1] = row.text(1);
        });
    return found[0] == null ? null : read(found[0], found[1]);
  }

  /** Whether SQLite, Godwit or Android owns a table of that name. */
  public static boolean isPrivate(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("sqlite_")
        || lower.startsWith(OWN_PREFIX)
        || PRIVATE_TABLES.contains(lower);
  }

  private static void addVirtual(List<String> virtual, String name, String sql) {
    if (sql.toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL")) {
      virtual.add(name);
    }
  }

  private static boolean isShadow(String name, List<String> virtual) {
    for (String owner : virtual) {
      if (name.startsWith(owner)
          && SHADOW_SUFFIX.matcher(name.substring(owner.length())).matches()) {
        return true;
      }
    }
    return false;
  }

  private TableSchema read(String name, String sql) {
    List<ColumnSchema> columns = new ArrayList<>();
    TreeMap<Integer, String> key = new TreeMap<>();
    String tableInfo = listsGenerated ? "PRAGMA table_xinfo(" : "PRAGMA table_info(";
    read(tableInfo + Sql.name(name) + ")", row -> column(row, columns, key));
    List<UniqueIndex> unique = new ArrayList<>();
    List<String> keyCollations = new ArrayList<>(Collections.nCopies(key.size(), "BINARY"));
    boolean[] keyIndex = new boolean[1];
    List<String[]> indexes = new ArrayList<>();
    read(
        "PRAGMA index_list(" + Sql.name(name) + ")",
        row -> indexes.add(new String[] {row.text(1), row.text(2), row.text(3)}));
    for (String[] index : indexes) {
      if (index[2].equals("pk")) {
        keyIndex[0] = true;
        keyCollations = collations(index[0], key.size());
      } else if (index[1].equals("1")) {
        unique.add(
            new UniqueIndex(index[0], terms(index[0]), IndexExpressions.where(indexSql(index[0]))));
      }
    }
    List<String> keyColumns = new ArrayList<>(key.values());
    boolean rowidAlias = keyColumns.size() == 1 && !keyIndex[0];
    boolean fixed = rowidAlias && isFixedByCheck(sql, keyColumns.get(0));
    return new TableSchema(
        name,
        columns,
        keyColumns,
        keyCollations,
        rowidAlias,
        fixed,
        foreignKeys(name),
        unique,
        sql);
  }

  private void column(SqliteRows row, List<ColumnSchema> columns, TreeMap<Integer, String> key) {
    boolean generated = listsGenerated && row.integer(6) >= 2;
    if (!generated) {
      columns.add(
          new ColumnSchema(
              row.text(1),
              row.text(2) == null ? "" : row.text(2),
              row.integer(3) != 0,
              row.text(4)));
    }
    if (row.integer(5) > 0) {
      key.put((int) row.integer(5), row.text(1));
    }
  }

  private List<String> collations(String index, int count) {
    List<String> collations = new ArrayList<>();
    read(
        "PRAGMA index_xinfo(" + Sql.name(index) + ")",
        row -> {
          if (row.integer(5) == 1 && collations.size() < count) {
            collations.add(row.text(4).toUpperCase(Locale.ROOT));
          }
        });
    return collations;
  }

  private List<UniqueIndex.Term> terms(String index) {
    List<String> written = IndexExpressions.of(indexSql(index));
    List<UniqueIndex.Term> terms = new ArrayList<>();
    read(
        "PRAGMA index_xinfo(" + Sql.name(index) + ")",
        row -> {
          if (row.integer(5) == 1) {
            String column = row.text(2);
            String expression = column == null ? written.get((int) row.integer(0)) : null;
            terms.add(new UniqueIndex.Term(column, expression, row.text(4)));
          }
        });
    return terms;
  }

  private String indexSql(String index) {
    String[] sql = new String[1];
    read(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = " + Sql.literal(index),
        row -> sql[0] = row.text(0));
    return sql[0];
  }

  private List<ForeignKey> foreignKeys(String table) {
    Map<Long, ForeignKey> keys = new TreeMap<>();
    read(
        "PRAGMA foreign_key_list(" + Sql.name(table) + ")",
        row -> {
          ForeignKey key =
              keys.computeIfAbsent(
                  row.integer(0),
                  id ->
                      new ForeignKey(
                          new ArrayList<>(),
                          row.text(2),
                          new ArrayList<>(),
                          row.text(6),
                          row.text(5)));
          key.columns().add(row.text(3));
          if (row.text(4) != null) {
            key.parentColumns().add(row.text(4));
          }
        });
    return new ArrayList<>(keys.values());
  }

  /**
   * Whether a CHECK of the table begins by comparing its key with given values: {@code CHECK (id =
   * 1)}.
   */
  private static boolean isFixedByCheck(String sql, String keyColumn) {
    Matcher check = TRAILING_KEY_CHECK.matcher(sql);
    String quoted = "[\"`\\[]?" + Pattern.quote(keyColumn) + "[\"`\\]]?\\s*(==?|\\bIN\\b)";
    Pattern pinned = Pattern.compile(quoted, Pattern.CASE_INSENSITIVE);
    while (check.find()) {
      if (pinned.matcher(sql).region(check.end(), sql.length()).lookingAt()) {
        return true;
      }
    }
    return false;
  }

  private boolean versionAtLeast(int major, int minor) {
    String[] version = new String[1];
    read("SELECT sqlite_version()", row -> version[0] = row.text(0));
    String[] parts = version[0].split("\\.");
    int foundMajor = Integer.parseInt(parts[0]);
    return foundMajor > major || foundMajor == major && Integer.parseInt(parts[1]) >= minor;
  }

  private void read(String sql, Consumer<SqliteRows> eachRow) {
    try (SqliteStatement statement = connection.prepare(sql);
        SqliteRows rows = statement.query()) {
      while (rows.next()) {
        eachRow.accept(rows);
      }
    }
  }
}
