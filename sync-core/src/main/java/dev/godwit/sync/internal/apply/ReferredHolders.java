package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.TrackedTable;

/** Tells which rows hold what others refer to by other columns than the key. */
@FunctionalInterface
public interface ReferredHolders {
  /** The key under which the table shows the row with these values; null for none. */
  RowKey holder(TrackedTable.Reference reference, RowKey shown);
}
