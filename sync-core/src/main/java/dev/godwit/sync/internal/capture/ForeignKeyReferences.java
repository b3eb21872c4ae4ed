package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.OnDelete;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The foreign keys of a file of which one value does not tell what is meant: those of several
 * columns, those to a key that is a reference itself, and those to other columns than the key.
 *
 * <p>One column of each keeps what all of them mean: the last one that no other foreign key has,
 * and that is outside the key of the table if any is. Tables whose keys refer to each other in a
 * circle have none there: a row could not be told by what it refers to. Nor does one in the key
 * refer to other columns than a key, which anybody may write.
 */
public final class ForeignKeyReferences {
  private final Collection<TrackedTable> tables;

  private ForeignKeyReferences(Collection<TrackedTable> tables) {
    this.tables = tables;
  }

  /** Those that can be followed, in order of tables and columns. */
  public static List<DeclaredReference> of(Catalog catalog) {
    return new ForeignKeyReferences(catalog.tables()).all();
  }

  private List<DeclaredReference> all() {
    List<DeclaredReference> found = new ArrayList<>();
    for (TrackedTable child : tables) {
      if (!child.isSystem()) {
        child.schema().foreignKeys().forEach(key -> add(child, key, found));
      }
    }
    KeyOrder order = new KeyOrder();
    for (TrackedTable child : tables) {
      child.keyReferences().stream()
          .filter(one -> !one.writtenOut())
          .forEach(one -> order.add(child.name(), stableName(one.parent())));
    }
    Map<String, TrackedTable> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    order.keepAcyclic(found, one -> one.isInKey(byName.get(one.table()).schema()));
    DeclaredReference.keepAcyclic(found);
    return found;
  }

  private String stableName(int number) {
    return tables.stream().filter(one -> one.number() == number).findFirst().get().name();
  }

  private void add(TrackedTable child, ForeignKey key, List<DeclaredReference> found) {
    TrackedTable parent = parent(key);
    String carrier = carrier(child.schema(), key);
    if (parent == null || carrier == null) {
      return;
    }
    List<String> columns = columns(child.schema(), key, parent.schema());
    List<String> referred = List.of();
    if (columns == null) {
      columns = named(key.columns(), child.schema());
      referred = named(key.parentColumns(), parent.schema());
    } else if (!isWrittenOut(key, parent.schema())) {
      return;
    }
    boolean each = new HashSet<>(columns).size() == columns.size();
    OnDelete onDelete = Catalog.onDelete(key.onDelete());
    DeclaredReference one =
        new DeclaredReference(
            child.name(), carrier, columns, parent.name(), referred, onDelete, true);
    if (each && one.fits(child.schema(), parent.schema())) {
      found.add(one);
    }
  }

  private static List<String> named(List<String> columns, TableSchema table) {
    List<String> named = new ArrayList<>();
    columns.forEach(column -> named.add(Catalog.nameAsDeclared(column, table)));
    return named;
  }

  private TrackedTable parent(ForeignKey key) {
    for (TrackedTable table : tables) {
      if (!table.isSystem() && table.schema().name().equalsIgnoreCase(key.parentTable())) {
        return table;
      }
    }
    return null;
  }

  /** Whether what it means must be written out, since it does not follow from one value. */
  static boolean isWrittenOut(ForeignKey key, TableSchema parent) {
    return key.columns().size() > 1 || isReference(parent.keyColumns().get(0), parent);
  }

  private static boolean isReference(String column, TableSchema table) {
    return table.foreignKeys().stream()
        .anyMatch(
            key -> key.columns().size() == 1 && key.columns().get(0).equalsIgnoreCase(column));
  }

  /** The referring columns in the order of the parent's key; null where they mean no key. */
  private static List<String> columns(TableSchema child, ForeignKey key, TableSchema parent) {
    List<String> keyColumns = parent.keyColumns();
    int count = key.columns().size();
    boolean named = !key.parentColumns().isEmpty();
    if (keyColumns.size() != count || named && key.parentColumns().size() != count) {
      return null;
    }
    List<String> ordered = new ArrayList<>(Collections.nCopies(count, null));
    for (int i = 0; i < count; i++) {
      int place = named ? indexOf(keyColumns, key.parentColumns().get(i)) : i;
      if (place < 0) {
        return null;
      }
      ordered.set(place, Catalog.nameAsDeclared(key.columns().get(i), child));
    }
    return ordered.contains(null) ? null : ordered;
  }

  private static int indexOf(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The column that keeps what is meant, null for none. A foreign key of one column keeps it even
   * where one of several has that column too, which keeps it elsewhere.
   */
  private static String carrier(TableSchema child, ForeignKey key) {
    boolean inKey =
        key.columns().stream().allMatch(column -> indexOf(child.keyColumns(), column) >= 0);
    for (int i = key.columns().size() - 1; i >= 0; i--) {
      String column = key.columns().get(i);
      boolean shared = !inKey && indexOf(child.keyColumns(), column) >= 0;
      for (ForeignKey other : child.foreignKeys()) {
        boolean counts = key.columns().size() > 1 || other.columns().size() == 1;
        shared |= other != key && counts && indexOf(other.columns(), column) >= 0;
      }
      if (!shared) {
        return Catalog.nameAsDeclared(column, child);
      }
    }
    return null;
  }
}
