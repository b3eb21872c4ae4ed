package dev.godwit.sync.internal.log;

import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.SqliteRows;

/** The single facts of a file, in {@code godwit_meta}. */
public final class Meta {
  /** The version of Godwit's tables. */
  public static final String FORMAT_VERSION = "format_version";

  private final Session session;

  public Meta(Session session) {
    this.session = session;
  }

  public ReplicaId replica() {
    return ReplicaId.of(bytes("replica"));
  }

  public void replica(ReplicaId id) {
    set("replica", Value.of(id.bytes()));
  }

  public SpaceId space() {
    return SpaceId.of(bytes("space"));
  }

  public void space(SpaceId id) {
    set("space", Value.of(id.bytes()));
  }

  public String deviceName() {
    return ((Value.Text) get("device")).text();
  }

  public void deviceName(String name) {
    set("device", Value.of(name));
  }

  /**
   * The highest sequence of this replica that may have left by some carrier; nothing up to there is
   * rewritten.
   */
  public long offered() {
    return integer("offered");
  }

  public void offered(long sequence) {
    set("offered", Value.of(sequence));
  }

  /** The latest timestamp that this replica has given out or taken over. */
  public HybridTimestamp latestTime() {
    return new HybridTimestamp(integer("latest_time"));
  }

  public void latestTime(HybridTimestamp time) {
    set("latest_time", Value.of(time.packed()));
  }

  /** Names the policies of the space as they are shown here: equal for equal ones, 0 for none. */
  public long policyVersion() {
    return integer("policy_version");
  }

  public void policyVersion(long version) {
    set("policy_version", Value.of(version));
  }

  public long integer(String name) {
    return get(name) instanceof Value.Integer integer ? integer.number() : 0;
  }

  public String text(String name) {
    return get(name) instanceof Value.Text text ? text.text() : null;
  }

  public void set(String name, Value value) {
    session
        .statement("INSERT OR REPLACE INTO godwit_meta (name, value) VALUES (?, ?)")
        .bind(1, name)
        .bind(2, value)
        .update();
  }

  public Value get(String name) {
    try (SqliteRows rows =
        session.statement("SELECT value FROM godwit_meta WHERE name = ?").bind(1, name).query()) {
      return rows.next() ? rows.value(0) : Value.NULL;
    }
  }

  private byte[] bytes(String name) {
    if (get(name) instanceof Value.Blob blob) {
      return blob.bytes();
    }
    throw new IllegalStateException(
        "expected '" + name + "' in godwit_meta but it is missing: the file is damaged");
  }
}
