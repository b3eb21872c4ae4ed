package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * What the columns of one reference of a row hold, as it was written: before they show the key that
 * the row referred to has now.
 *
 * @param reference the reference
 * @param versions a version for each of its columns, null for one that nobody has written
 */
public record ReferringValues(TrackedTable.Reference reference, List<Version> versions) {
  public ReferringValues {
    versions = Collections.unmodifiableList(new ArrayList<>(versions));
  }

  /**
   * Those of a row.
   *
   * @param version the version of a column that counts
   * @param key the row's key, of which columns are taken that are in it; null when none is known
   */
  public static ReferringValues of(
      TrackedTable table,
      TrackedTable.Reference reference,
      Function<String, Version> version,
      RowKey key) {
    List<Version> versions = new ArrayList<>(reference.columns().size());
    for (String column : reference.columns()) {
      int place = table.schema().keyColumns().indexOf(column);
      Version carrier = place < 0 ? null : version.apply(reference.column());
      versions.add(
          carrier == null || key == null
              ? version.apply(column)
              : carrier.holding(key.values().get(place), null, false));
    }
    return new ReferringValues(reference, versions);
  }

  /** The version that keeps what is meant, null where nobody has written it. */
  public Version carrier() {
    return versions.get(reference.columns().indexOf(reference.column()));
  }

  /** Whether a value of every column is at hand, none of them NULL. */
  public boolean isTold() {
    for (Version version : versions) {
      if (version == null || version.value() == null || version.value().equals(Value.NULL)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The life that they refer to, null for none. Several columns refer together only as one write
   * left them: who writes one of them alone does not know of the reference. Those of the key are
   * what they are.
   */
  public LifeId meant() {
    if (!isTold()) {
      return null;
    }
    Version carrier = carrier();
    for (Version version : versions) {
      if (!version.dot().equals(carrier.dot())) {
        return null;
      }
    }
    return reference.referred(carrier.value(), carrier.reference(), carrier.bare());
  }

  /** The key that was written; only where {@link #isTold}. */
  public RowKey key() {
    List<Value> values = new ArrayList<>(versions.size());
    versions.forEach(version -> values.add(version.value()));
    return new RowKey(values);
  }
}
