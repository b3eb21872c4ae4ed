package dev.godwit.relay;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeCutter;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.Chain;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.OwnFork;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.Refusal;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.RemoteMemory;
import dev.godwit.sync.transport.Exchange;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.Invitation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replica in a process with a small heap that holds one envelope in a file: it makes and pushes
 * it, or pulls it. Only the exchange's own memory is left to be measured.
 */
final class SmallHeapClient implements ExchangeStore, Chain.State {
  private static final ReplicaId WRITER = ReplicaId.parse("0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
  private static final ReplicaId READER = ReplicaId.parse("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  private static final Dot DOT = new Dot(WRITER, 1);

  private final RandomAccessFile file;
  private final ReplicaId self;
  private final Map<RemoteId, RemoteMemory> memories = new HashMap<>();
  private final MessageDigest digest = EnvelopeHash.digest();
  private EnvelopeHash hash;
  private long lengthBytes;
  private int partsHeld;
  private boolean complete;

  private SmallHeapClient(Path path, ReplicaId self) throws IOException {
    file = new RandomAccessFile(path.toFile(), "rw");
    this.self = self;
  }

  /** Arguments: invitation, file, and the body's length to push, or 0 to pull. */
  public static void main(String[] arguments) throws IOException {
    long bodyBytes = Long.parseLong(arguments[2]);
    SmallHeapClient store =
        new SmallHeapClient(Path.of(arguments[1]), bodyBytes > 0 ? WRITER : READER);
    if (bodyBytes > 0) {
      store.make(bodyBytes);
    }
    Exchange.run(
        store, HttpRemote.of(Invitation.parse(arguments[0])), ExchangeOptions.ofDefaults());
    System.out.println("complete " + store.complete + " " + store.hash);
  }

  /** Runs it and returns its last line. */
  static String run(Invitation invitation, Path path, long bodyBytes, String heap)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(path.getParent(), "client", ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapClient.class.getName(),
                invitation.uri(),
                path.toString(),
                Long.toString(bodyBytes))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();
    List<String> lines = Files.readAllLines(output);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private void make(long bodyBytes) throws IOException {
    EnvelopeHeader header = new EnvelopeHeader(space(), WRITER, 1, EnvelopeHash.NONE, 0, bodyBytes);
    EnvelopeCutter cutter =
        new EnvelopeCutter(
            header,
            (index, bytes) -> {
              file.seek((long) index * EnvelopePart.MAX_LENGTH_BYTES);
              file.write(bytes);
            });
    byte[] block = new byte[1 << 16];
    for (long left = bodyBytes; left > 0; left -= block.length) {
      cutter.write(block, 0, (int) Math.min(block.length, left));
    }
    hash = cutter.finish();
    lengthBytes = header.envelopeLengthBytes();
    complete = true;
  }

  @Override
  public SpaceId space() {
    return RelayFixture.SPACE;
  }

  @Override
  public ReplicaId self() {
    return self;
  }

  @Override
  public Heads heads() {
    return complete ? Heads.of(Map.of(WRITER, Head.of(1, hash))) : Heads.empty();
  }

  @Override
  public Optional<EnvelopeHash> hash(Dot dot) {
    return complete && dot.equals(DOT) ? Optional.of(hash) : Optional.empty();
  }

  @Override
  public List<PartialEnvelope> partials() {
    return complete || partsHeld == 0
        ? List.of()
        : List.of(new PartialEnvelope(DOT, hash, partsHeld));
  }

  @Override
  public PartCursor lacking(Lacking lacking) {
    int count = EnvelopePart.count(lengthBytes);
    return new PartCursor() {
      private int index = lacking.firstPart(DOT, hash);

      @Override
      public EnvelopePart next() {
        if (index == count) {
          return null;
        }
        long start = (long) index * EnvelopePart.MAX_LENGTH_BYTES;
        byte[] bytes = new byte[(int) Math.min(EnvelopePart.MAX_LENGTH_BYTES, lengthBytes - start)];
        try {
          file.seek(start);
          file.readFully(bytes);
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        }
        return EnvelopePart.of(DOT, index++, count, hash, bytes);
      }

      @Override
      public long position() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Intake intake() {
    Chain chain = new Chain(space(), 1L << 32, this);
    return new Intake() {
      @Override
      public void offer(EnvelopePart part) {
        Chain.Verdict verdict = chain.judge(part);
        if (verdict == Chain.Verdict.STAGE || verdict == Chain.Verdict.COMPLETE) {
          keep(part, verdict == Chain.Verdict.COMPLETE);
        }
      }

      @Override
      public List<Refusal> commit() {
        return chain.refusals();
      }

      @Override
      public void close() {}
    };
  }

  private void keep(EnvelopePart part, boolean last) {
    try {
      file.seek((long) part.index() * EnvelopePart.MAX_LENGTH_BYTES);
      file.write(part.bytes());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    if (part.index() == 0) {
      hash = part.hash();
      lengthBytes = part.header().envelopeLengthBytes();
    }
    if (!last) {
      digest.update(part.bytes());
    }
    partsHeld = part.index() + 1;
    complete = last;
  }

  @Override
  public long headSequence(ReplicaId replica) {
    return complete && replica.equals(WRITER) ? 1 : 0;
  }

  @Override
  public Chain.Held held(Dot dot, EnvelopeHash claimed) {
    return partsHeld == 0 ? null : new Chain.Held(partsHeld, lengthBytes);
  }

  @Override
  public MessageDigest digestOfHeld(Dot dot, EnvelopeHash claimed) {
    return digest;
  }

  @Override
  public void markOffered(long throughSequence) {}

  @Override
  public Optional<RemoteMemory> memory(RemoteId remote) {
    return Optional.ofNullable(memories.get(remote));
  }

  @Override
  public void remember(RemoteId remote, RemoteMemory memory) {
    memories.put(remote, memory);
  }

  @Override
  public void ownHistoryForked(RemoteId remote, OwnFork fork) {
    throw new IllegalStateException("unexpected " + fork);
  }
}
