package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Hashes of lives, and of all lives together: the same wherever the same was applied, whatever came
 * first and however the file stores it.
 *
 * <p>A life's hash is over its table, its identity, whether it is present, and the dots and times
 * of its undominated deletes, key writes and versions, with their values except those of
 * references, which each table shows in its own spelling. The hash of all is over the vector and
 * the sum, modulo 2^256, of the hashes of lives, so that their order does not matter.
 */
final class LifeDigest {
  private final byte[] sum = new byte[EnvelopeHash.LENGTH_BYTES];
  private final MessageDigest digest = EnvelopeHash.digest();
  private final ByteBuffer number = ByteBuffer.allocate(8);
  private long count;

  /** Adds one hash. */
  void add(byte[] hash) {
    int carry = 0;
    for (int i = sum.length - 1; i >= 0; i--) {
      carry += (sum[i] & 0xff) + (hash[i] & 0xff);
      sum[i] = (byte) carry;
      carry >>>= 8;
    }
    count++;
  }

  /** The hash of all, as hexadecimal digits. */
  String of(VersionVector vector) {
    digest.reset();
    vector
        .entries()
        .forEach(
            (replica, sequence) -> {
              digest.update(replica.bytes());
              put(sequence);
            });
    put(count);
    digest.update(sum);
    return EnvelopeHash.of(digest.digest()).toString();
  }

  /**
   * The hash of one life's state.
   *
   * @param row what the table shows of it, null for nothing
   */
  byte[] ofState(CheckedLife one, Map<String, Value> row) {
    LifeState state = one.stored().state();
    begin(one);
    put(state.isPresent() ? 1 : 0);
    List<Presence> absent = new ArrayList<>(state.existence());
    absent.removeIf(Presence::present);
    absent.sort(Comparator.comparing(Presence::dot));
    absent.forEach(presence -> put(presence.dot(), presence.time(), presence.derived()));
    put(-1);
    List<KeyVersion> keys = new ArrayList<>(state.keys());
    keys.sort(Comparator.comparing(KeyVersion::dot));
    keys.forEach(key -> put(key.dot(), key.time(), key.derived()));
    for (String unit : one.replayed().units().keySet()) {
      put(-1);
      put(unit.getBytes(StandardCharsets.UTF_8));
      boolean refers = one.table().referringColumns().contains(unit);
      List<Version> versions = new ArrayList<>(state.siblings(unit));
      versions.sort(Comparator.comparing(Version::dot));
      for (Version version : versions) {
        put(version.dot(), version.time(), version.derived());
        Value value = version.value();
        if (value == null && row != null) {
          value = row.get(unit);
        }
        if (!refers && value != null) {
          put(value.canonicalBytes());
        }
      }
    }
    return digest.digest();
  }

  /** The hash of the row that a table shows. */
  byte[] ofRow(CheckedLife one, Map<String, Value> row) {
    begin(one);
    TrackedTable table = one.table();
    List<String> columns = new ArrayList<>(table.schema().columnNames());
    columns.sort(Comparator.naturalOrder());
    for (String column : columns) {
      put(column.getBytes(StandardCharsets.UTF_8));
      put(row.get(column).canonicalBytes());
    }
    return digest.digest();
  }

  private void begin(CheckedLife one) {
    digest.reset();
    put(one.table().name().getBytes(StandardCharsets.UTF_8));
    put(one.life().high());
    put(one.life().low());
  }

  private void put(Dot dot, HybridTimestamp time, boolean derived) {
    digest.update(dot.replica().bytes());
    put(dot.sequence());
    put(time.packed());
    put(derived ? 1 : 0);
  }

  private void put(byte[] bytes) {
    put(bytes.length);
    digest.update(bytes);
  }

  private void put(long value) {
    digest.update(number.putLong(0, value).array());
  }
}
