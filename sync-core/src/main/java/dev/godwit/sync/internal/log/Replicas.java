package dev.godwit.sync.internal.log;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.SqliteRows;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The replicas known to a file: the version vector, the heads of their chains, and short local
 * numbers for them.
 *
 * <p>Read once a transaction and written through. Number 1 is this file's own first identity;
 * numbers are never reused.
 */
public final class Replicas {
  /** More replicas than this in one space are refused, here as at the relay. */
  public static final int REPLICAS_MAX = 1024;

  private final Session session;
  private final Map<ReplicaId, Entry> byId = new HashMap<>();
  private final Map<Long, Entry> byNumber = new HashMap<>();

  /** One replica, as far as this file has applied it. */
  public static final class Entry {
    private final long number;
    private final ReplicaId id;
    private String name;
    private long sequence;
    private byte[] head;
    private long held;
    private byte[] heldHash;
    private VersionVector dependencies;
    private HybridTimestamp latest;
    private long aheadMillis;

    private Entry(long number, ReplicaId id) {
      this.number = number;
      this.id = id;
      this.head = new byte[32];
      this.heldHash = new byte[32];
      this.dependencies = VersionVector.empty();
      this.latest = HybridTimestamp.ZERO;
    }

    public long number() {
      return number;
    }

    public ReplicaId id() {
      return id;
    }

    /** The device's name for people, or the short id while none is known. */
    public String name() {
      return name == null ? id.shortText() : name;
    }

    /** The name as its transactions told it, null while none has. */
    public String announcedName() {
      return name;
    }

    /**
     * The last transaction held in the log without gaps; those behind {@link #sequence} are not
     * applied yet.
     */
    public long held() {
      return held;
    }

    /** The hash of the last envelope held. */
    public byte[] heldHash() {
      return heldHash.clone();
    }

    /** The last transaction applied, 0 before the first. */
    public long sequence() {
      return sequence;
    }

    /** The hash of the last envelope applied, zeros before the first. */
    public byte[] head() {
      return head.clone();
    }

    /** The dependencies of the last transaction applied. */
    public VersionVector dependencies() {
      return dependencies;
    }

    /** The latest timestamp among its changes. */
    public HybridTimestamp latest() {
      return latest;
    }

    /**
     * By how much its clock was implausibly ahead of ours when last seen so, 0 when it never was.
     */
    public long aheadMillis() {
      return aheadMillis;
    }
  }

  /** What one more transaction of a replica changes about it. */
  public record Advance(
      Dot dot,
      byte[] head,
      VersionVector dependencies,
      HybridTimestamp latest,
      String name,
      long aheadMillis) {}

  public Replicas(Session session) {
    this.session = session;
    try (SqliteRows rows =
        session
            .statement(
                "SELECT number, id, name, sequence, head, dependencies, latest, ahead, held, held_hash FROM godwit_replica")
            .query()) {
      while (rows.next()) {
        Entry entry = new Entry(rows.integer(0), ReplicaId.of(rows.bytes(1)));
        entry.name = rows.text(2);
        entry.sequence = rows.integer(3);
        entry.head = rows.isNull(4) ? entry.head : rows.bytes(4);
        entry.dependencies = rows.isNull(5) ? VersionVector.empty() : vector(rows.bytes(5));
        entry.latest = new HybridTimestamp(rows.integer(6));
        entry.aheadMillis = rows.integer(7);
        entry.held = rows.integer(8);
        entry.heldHash = rows.isNull(9) ? entry.heldHash : rows.bytes(9);
        keep(entry);
      }
    }
  }

  /** Whether the file has an entry for this replica. */
  public boolean isKnown(ReplicaId id) {
    return byId.containsKey(id);
  }

  /** The number of entries. */
  public int count() {
    return byId.size();
  }

  /** The entry of this replica, made when it is new. */
  public Entry of(ReplicaId id) {
    Entry known = byId.get(id);
    if (known != null) {
      return known;
    }
    if (byId.size() >= REPLICAS_MAX) {
      throw new IllegalStateException(
          "expected at most " + REPLICAS_MAX + " replicas in a space but got one more: " + id);
    }
    long number = byNumber.size() + 1L;
    session
        .statement("INSERT INTO godwit_replica (number, id) VALUES (?, ?)")
        .bind(1, number)
        .bind(2, id.bytes())
        .update();
    Entry made = new Entry(number, id);
    keep(made);
    return made;
  }

  /** The replica with this local number. */
  public Entry of(long number) {
    Entry entry = byNumber.get(number);
    if (entry == null) {
      throw new IllegalStateException(
          "expected replica number " + number + " in godwit_replica but it is missing");
    }
    return entry;
  }

  public Iterable<Entry> all() {
    return new TreeMap<>(byNumber).values();
  }

  /** Everything applied. */
  public VersionVector vector() {
    Map<ReplicaId, Long> sequences = new HashMap<>();
    byId.values().forEach(entry -> sequences.put(entry.id, entry.sequence));
    return VersionVector.of(sequences);
  }

  /**
   * What every replica known here has acknowledged: the least that the last transaction of anyone
   * depends on. Of this file that is everything applied; a replica that has sealed nothing is not
   * known, and one that nobody has heard of may have seen less.
   *
   * @param self this file's replica
   */
  public VersionVector acknowledged(ReplicaId self) {
    Map<ReplicaId, Long> least = new HashMap<>(vector().entries());
    for (Entry entry : byId.values()) {
      if (entry.sequence > 0 && !entry.id.equals(self)) {
        VersionVector seen = entry.dependencies.with(entry.id, entry.sequence);
        least.replaceAll((replica, sequence) -> Math.min(sequence, seen.sequence(replica)));
      }
    }
    return VersionVector.of(least);
  }

  /** Takes note of one more transaction. */
  public void advance(Advance advance) {
    Entry entry = of(advance.dot().replica());
    if (advance.dot().sequence() != entry.sequence + 1) {
      throw new IllegalStateException(
          "expected sequence "
              + (entry.sequence + 1)
              + " of replica "
              + entry.id.shortText()
              + " but got "
              + advance.dot().sequence());
    }
    entry.sequence = advance.dot().sequence();
    entry.head = advance.head();
    entry.dependencies = advance.dependencies();
    entry.latest = advance.latest().compareTo(entry.latest) > 0 ? advance.latest() : entry.latest;
    entry.name = advance.name() == null ? entry.name : advance.name();
    entry.aheadMillis = advance.aheadMillis();
    save(entry);
  }

  /** Takes note that the log holds one more envelope of a replica. */
  public void held(Dot dot, byte[] hash) {
    Entry entry = of(dot.replica());
    if (dot.sequence() != entry.held + 1) {
      throw new IllegalStateException(
          "expected sequence "
              + (entry.held + 1)
              + " of replica "
              + entry.id.shortText()
              + " but got "
              + dot.sequence());
    }
    entry.held = dot.sequence();
    entry.heldHash = hash;
    save(entry);
  }

  /** Sets a replica back to an earlier head, as when its later transactions move to another id. */
  public void rewind(ReplicaId id, long sequence, byte[] head, VersionVector dependencies) {
    Entry entry = of(id);
    entry.sequence = sequence;
    entry.head = head.clone();
    entry.held = sequence;
    entry.heldHash = head.clone();
    entry.dependencies = dependencies;
    save(entry);
  }

  private void save(Entry entry) {
    session
        .statement(
            "UPDATE godwit_replica SET name = ?, sequence = ?, head = ?, dependencies = ?, latest = ?, ahead = ?,"
                + " held = ?, held_hash = ? WHERE number = ?")
        .bind(1, Value.of(entry.name))
        .bind(2, entry.sequence)
        .bind(3, entry.head)
        .bind(4, bytes(entry.dependencies))
        .bind(5, entry.latest.packed())
        .bind(6, entry.aheadMillis)
        .bind(7, entry.held)
        .bind(8, entry.heldHash)
        .bind(9, entry.number)
        .update();
  }

  private void keep(Entry entry) {
    byId.put(entry.id, entry);
    byNumber.put(entry.number, entry);
  }

  /** A vector as local bytes: replica (16 bytes), sequence (8 bytes), repeated. */
  static byte[] bytes(VersionVector vector) {
    ByteBuffer buffer = ByteBuffer.allocate(vector.size() * 24);
    vector.entries().forEach((replica, sequence) -> buffer.put(replica.bytes()).putLong(sequence));
    return buffer.array();
  }

  static VersionVector vector(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    Map<ReplicaId, Long> entries = new HashMap<>();
    while (buffer.hasRemaining()) {
      byte[] id = new byte[ReplicaId.LENGTH_BYTES];
      buffer.get(id);
      entries.put(ReplicaId.of(id), buffer.getLong());
    }
    return VersionVector.of(entries);
  }
}
