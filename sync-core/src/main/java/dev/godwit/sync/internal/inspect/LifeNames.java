package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.state.KeyCodec;

/** What to call a life in findings: its table and key. */
final class LifeNames {
  private LifeNames() {}

  static String where(CheckedLife one) {
    String key = key(one);
    return "row "
        + (key == null ? "with life " + one.life() : key)
        + " of table "
        + one.table().schema().name();
  }

  /** The key that the table shows, else that which the life wants; null when neither is known. */
  static String key(CheckedLife one) {
    if (!one.keys().isEmpty()) {
      return ReadableKey.of(KeyCodec.decode(one.keys().get(0)));
    }
    RowKey wanted = null;
    if (one.replayed() != null && !one.replayed().keys().isEmpty()) {
      wanted = one.replayed().wantedKey().key();
    } else if (one.stored() != null && !one.stored().state().keys().isEmpty()) {
      wanted = one.stored().state().wantedKey().key();
    }
    return wanted == null ? null : ReadableKey.of(wanted);
  }
}
