package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeCutter;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A replica's log in memory: the smallest {@link ExchangeStore} that keeps the contract, for tests
 * and simulations. It seals opaque bodies and hands them out in the order in which it came to hold
 * them. Synchronized throughout.
 */
public final class MemoryExchangeStore implements ExchangeStore {
  private final SpaceId space;
  private final Random random;
  private final Map<Dot, List<EnvelopePart>> envelopes = new LinkedHashMap<>();
  private final Map<ReplicaId, Long> headSequences = new HashMap<>();
  private final Map<PartKey, List<EnvelopePart>> halves = new LinkedHashMap<>();
  private final Map<RemoteId, RemoteMemory> memories = new HashMap<>();
  private final List<OwnFork> ownForks = new ArrayList<>();
  private ReplicaId self;
  private long offeredSequence;
  private int writes;

  private record PartKey(Dot dot, EnvelopeHash hash) {}

  public MemoryExchangeStore(SpaceId space, long seed) {
    this.space = space;
    this.random = new Random(seed);
    this.self = newId();
  }

  private MemoryExchangeStore(MemoryExchangeStore original, long seed) {
    space = original.space;
    random = new Random(seed);
    self = original.self;
    envelopes.putAll(original.envelopes);
    headSequences.putAll(original.headSequences);
    halves.putAll(original.halves);
    memories.putAll(original.memories);
    offeredSequence = original.offeredSequence;
  }

  /** The same file a second time: a copy, or a backup to be restored. */
  public synchronized MemoryExchangeStore copied(long seed) {
    return new MemoryExchangeStore(this, seed);
  }

  /** Seals one transaction of this replica. */
  public synchronized Dot seal(byte[] body) {
    long sequence = headSequences.getOrDefault(self, 0L) + 1;
    EnvelopeHash predecessor =
        sequence == 1 ? EnvelopeHash.NONE : hash(new Dot(self, sequence - 1)).get();
    EnvelopeHeader header = new EnvelopeHeader(space, self, sequence, predecessor, 0, body.length);
    for (EnvelopePart part : cut(header, body)) {
      keep(part, part.isLast());
    }
    return header.dot();
  }

  /** Seals so many small transactions. */
  public synchronized void sealMany(int count) {
    for (int i = 0; i < count; i++) {
      byte[] body = new byte[40 + random.nextInt(120)];
      random.nextBytes(body);
      seal(body);
    }
  }

  /** An envelope in its parts. */
  public static List<EnvelopePart> cut(EnvelopeHeader header, byte[] body) {
    List<byte[]> pieces = new ArrayList<>();
    try (EnvelopeCutter cutter = new EnvelopeCutter(header, (index, bytes) -> pieces.add(bytes))) {
      cutter.write(body);
      EnvelopeHash hash = cutter.finish();
      List<EnvelopePart> parts = new ArrayList<>();
      for (int i = 0; i < pieces.size(); i++) {
        parts.add(EnvelopePart.of(header.dot(), i, pieces.size(), hash, pieces.get(i)));
      }
      return parts;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Everything held, envelope by envelope, for comparison. */
  public synchronized Map<Dot, EnvelopeHash> content() {
    Map<Dot, EnvelopeHash> content = new TreeMap<>();
    envelopes.forEach((dot, parts) -> content.put(dot, parts.get(0).hash()));
    return content;
  }

  /** The dots in the order in which they were handed over. */
  public synchronized List<Dot> order() {
    return new ArrayList<>(envelopes.keySet());
  }

  public synchronized long offeredSequence() {
    return offeredSequence;
  }

  /** How often anything was made durable. */
  public synchronized int writes() {
    return writes;
  }

  public synchronized List<OwnFork> ownForks() {
    return new ArrayList<>(ownForks);
  }

  @Override
  public SpaceId space() {
    return space;
  }

  @Override
  public synchronized ReplicaId self() {
    return self;
  }

  @Override
  public synchronized Heads heads() {
    Map<ReplicaId, Head> heads = new TreeMap<>();
    headSequences.forEach(
        (replica, sequence) ->
            heads.put(replica, Head.of(sequence, hash(new Dot(replica, sequence)).get())));
    return Heads.of(heads);
  }

  @Override
  public synchronized Optional<EnvelopeHash> hash(Dot dot) {
    return Optional.ofNullable(envelopes.get(dot)).map(parts -> parts.get(0).hash());
  }

  @Override
  public synchronized List<PartialEnvelope> partials() {
    List<PartialEnvelope> partials = new ArrayList<>();
    halves.forEach(
        (key, parts) -> partials.add(new PartialEnvelope(key.dot, key.hash, parts.size())));
    return partials.subList(
        Math.max(0, partials.size() - ProtocolLimits.MAX_PARTIALS), partials.size());
  }

  @Override
  public synchronized PartCursor lacking(Lacking lacking) {
    List<EnvelopePart> parts = new ArrayList<>();
    envelopes.forEach(
        (dot, held) -> {
          boolean offered = !dot.replica().equals(self) || dot.sequence() <= offeredSequence;
          if (offered && !lacking.known().covers(dot) && lacking.through().covers(dot)) {
            int first = lacking.firstPart(dot, held.get(0).hash());
            parts.addAll(held.subList(first < held.size() ? first : 0, held.size()));
          }
        });
    return new ListCursor(parts);
  }

  @Override
  public Intake intake() {
    return new MemoryIntake();
  }

  @Override
  public synchronized void markOffered(long throughSequence) {
    if (throughSequence > headSequences.getOrDefault(self, 0L)) {
      throw new IllegalArgumentException(
          "expected at most the own head but got " + throughSequence);
    }
    if (throughSequence > offeredSequence) {
      offeredSequence = throughSequence;
      writes++;
    }
  }

  @Override
  public synchronized Optional<RemoteMemory> memory(RemoteId remote) {
    return Optional.ofNullable(memories.get(remote));
  }

  @Override
  public synchronized void remember(RemoteId remote, RemoteMemory memory) {
    memories.put(remote, memory);
    writes++;
  }

  @Override
  public synchronized void ownHistoryForked(RemoteId remote, OwnFork fork) {
    ownForks.add(fork);
    List<byte[]> ownBodies = new ArrayList<>();
    for (long sequence = fork.lastCommonSequence() + 1;
        sequence <= fork.ownSequence();
        sequence++) {
      ownBodies.add(body(envelopes.remove(new Dot(self, sequence))));
    }
    headSequences.put(self, fork.lastCommonSequence());
    headSequences.values().removeIf(sequence -> sequence == 0);
    self = newId();
    offeredSequence = 0;
    ownBodies.forEach(this::seal);
  }

  private static byte[] body(List<EnvelopePart> parts) {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    parts.forEach(part -> bytes.write(part.bytes(), 0, part.bytes().length));
    int headerBytes = parts.get(0).header().lengthBytes();
    return Arrays.copyOfRange(bytes.toByteArray(), headerBytes, bytes.size());
  }

  private ReplicaId newId() {
    byte[] bytes = new byte[ReplicaId.LENGTH_BYTES];
    random.nextBytes(bytes);
    return ReplicaId.of(bytes);
  }

  private void keep(EnvelopePart part, boolean complete) {
    PartKey key = new PartKey(part.dot(), part.hash());
    halves.computeIfAbsent(key, unused -> new ArrayList<>()).add(part);
    writes++;
    if (complete) {
      envelopes.put(part.dot(), halves.remove(key));
      headSequences.put(part.dot().replica(), part.dot().sequence());
    }
  }

  private final class MemoryIntake implements Intake, Chain.State {
    private final Chain chain = new Chain(space, 1L << 32, this);

    /** Kept only at the commit: whoever forgets that loses them. */
    private final List<EnvelopePart> offered = new ArrayList<>();

    @Override
    public void offer(EnvelopePart part) {
      offered.add(part);
    }

    @Override
    public List<Refusal> commit() {
      synchronized (MemoryExchangeStore.this) {
        offered.forEach(this::take);
        offered.clear();
        return chain.refusals();
      }
    }

    @Override
    public void close() {
      offered.clear();
    }

    private void take(EnvelopePart part) {
      switch (chain.judge(part)) {
        case STAGE -> keep(part, false);
        case COMPLETE -> keep(part, true);
        case DISCARD -> halves.remove(new PartKey(part.dot(), part.hash()));
        default -> {}
      }
    }

    @Override
    public long headSequence(ReplicaId replica) {
      return headSequences.getOrDefault(replica, 0L);
    }

    @Override
    public Optional<EnvelopeHash> hash(Dot dot) {
      return MemoryExchangeStore.this.hash(dot);
    }

    @Override
    public Chain.Held held(Dot dot, EnvelopeHash hash) {
      List<EnvelopePart> parts = halves.get(new PartKey(dot, hash));
      return parts == null
          ? null
          : new Chain.Held(parts.size(), parts.get(0).header().envelopeLengthBytes());
    }

    @Override
    public MessageDigest digestOfHeld(Dot dot, EnvelopeHash hash) {
      MessageDigest digest = EnvelopeHash.digest();
      halves.get(new PartKey(dot, hash)).forEach(part -> digest.update(part.bytes()));
      return digest;
    }
  }

  private static final class ListCursor implements PartCursor {
    private final List<EnvelopePart> parts;
    private int next;

    ListCursor(List<EnvelopePart> parts) {
      this.parts = parts;
    }

    @Override
    public EnvelopePart next() {
      return next < parts.size() ? parts.get(next++) : null;
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
