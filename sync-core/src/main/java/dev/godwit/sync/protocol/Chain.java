package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.MalformedEnvelopeException;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.UnknownEnvelopeVersionException;
import dev.godwit.sync.protocol.Refusal.Reason;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what an {@link Intake} does with each part: pure, the same for relays and replicas.
 *
 * <table>
 * <caption>What happens to a part of (replica, n) when the log holds that replica up to h</caption>
 * <tr><td>n &le; h, same hash</td><td>PASS: a repeat</td></tr>
 * <tr><td>n &le; h, other hash</td><td>refused: FORK</td></tr>
 * <tr><td>n &gt; h + 1</td><td>refused: GAP</td></tr>
 * <tr><td>n = h + 1, predecessor is not the head</td><td>refused: FORK</td></tr>
 * <tr><td>n = h + 1, part already held</td><td>PASS</td></tr>
 * <tr><td>n = h + 1, an earlier part is missing</td><td>refused: GAP</td></tr>
 * <tr><td>n = h + 1, next part, not the last</td><td>STAGE: keep the part</td></tr>
 * <tr><td>n = h + 1, last part, hash and length hold</td><td>COMPLETE: the log now holds n</td></tr>
 * <tr><td>n = h + 1, last part, they do not hold</td><td>DISCARD: forget its parts; refused: ALTERED</td></tr>
 * </table>
 *
 * <p>After a refusal all that follows of the same replica passes, until {@link #refusals()} is
 * called. The decision must be carried out before the next part is judged. Used by one thread at a
 * time.
 */
public final class Chain {
  /** What to do with a part. */
  public enum Verdict {
    /** Nothing. */
    PASS,
    /** Keep the part: the envelope is not complete. */
    STAGE,
    /** Keep the part: it is the last; the envelope is the replica's new head. */
    COMPLETE,
    /** Forget the parts held of this dot and hash. */
    DISCARD
  }

  /** What the log holds, as far as a decision needs it. */
  public interface State {
    /** Up to where this replica's log is held, 0 for nothing. */
    long headSequence(ReplicaId replica);

    /** The hash of the envelope with this dot, empty when it is not held. */
    Optional<EnvelopeHash> hash(Dot dot);

    /** What is held of a large envelope that is not complete, or null. */
    Held held(Dot dot, EnvelopeHash hash);

    /**
     * The digest over the parts held of it; called when its last part comes. May be one that ran
     * along.
     */
    MessageDigest digestOfHeld(Dot dot, EnvelopeHash hash);

    /** Why the log cannot take this envelope although it fits its chain, or null: quotas. */
    default Reason refuses(EnvelopeHeader header) {
      return null;
    }
  }

  /**
   * What is held of a large envelope.
   *
   * @param parts how many, from part 0
   * @param envelopeLengthBytes how long the whole is, as the header in part 0 says
   */
  public record Held(int parts, long envelopeLengthBytes) {}

  private final SpaceId space;
  private final long maxEnvelopeBytes;
  private final State state;
  private final Map<ReplicaId, Refusal> refusals = new HashMap<>();

  /**
   * A judge for one log.
   *
   * @param space whose envelopes are taken
   * @param maxEnvelopeBytes the longest envelope that is taken
   */
  public Chain(SpaceId space, long maxEnvelopeBytes, State state) {
    this.space = space;
    this.maxEnvelopeBytes = maxEnvelopeBytes;
    this.state = state;
  }

  /** Decides on one part. */
  public Verdict judge(EnvelopePart part) {
    Dot dot = part.dot();
    if (refusals.containsKey(dot.replica())) {
      return Verdict.PASS;
    }
    long head = state.headSequence(dot.replica());
    if (dot.sequence() <= head) {
      EnvelopeHash held = state.hash(dot).orElse(null);
      return part.hash().equals(held)
          ? Verdict.PASS
          : refuse(Reason.FORK, part, "another envelope is held under " + dot);
    }
    if (dot.sequence() > head + 1) {
      return refuse(
          Reason.GAP,
          part,
          "expected sequence "
              + (head + 1)
              + " from replica "
              + dot.replica().shortText()
              + " but got "
              + dot.sequence()
              + ": send from there");
    }
    try {
      return part.isWhole() ? judgeWhole(part) : judgeLarge(part);
    } catch (UnknownEnvelopeVersionException newer) {
      return refuse(Reason.UNKNOWN_FORMAT, part, newer.getMessage());
    } catch (MalformedEnvelopeException altered) {
      return refuse(Reason.ALTERED, part, altered.getMessage());
    }
  }

  /**
   * The refusals since the last call, at most one for each replica; afterwards all replicas are
   * judged anew.
   */
  public List<Refusal> refusals() {
    List<Refusal> drained = new ArrayList<>(refusals.values());
    refusals.clear();
    return drained;
  }

  private Verdict judgeWhole(EnvelopePart part) {
    return fits(part, part.header()) ? Verdict.COMPLETE : Verdict.PASS;
  }

  private Verdict judgeLarge(EnvelopePart part) {
    Held held = state.held(part.dot(), part.hash());
    int parts = held == null ? 0 : held.parts();
    if (part.index() < parts) {
      return Verdict.PASS;
    }
    if (part.index() > parts) {
      return refuse(
          Reason.GAP,
          part,
          "expected part " + parts + " of " + part.dot() + " but got " + part.index());
    }
    if (part.index() == 0) {
      return fits(part, part.header()) ? Verdict.STAGE : Verdict.PASS;
    }
    if (EnvelopePart.count(held.envelopeLengthBytes()) != part.count()) {
      return refuse(
          Reason.ALTERED,
          part,
          "expected "
              + EnvelopePart.count(held.envelopeLengthBytes())
              + " parts of "
              + part.dot()
              + " but got one of "
              + part.count());
    }
    return part.isLast() ? judgeLast(part, held) : Verdict.STAGE;
  }

  private Verdict judgeLast(EnvelopePart part, Held held) {
    long lengthBytes = (long) part.index() * EnvelopePart.MAX_LENGTH_BYTES + part.bytes().length;
    MessageDigest digest = state.digestOfHeld(part.dot(), part.hash());
    digest.update(part.bytes());
    boolean same = EnvelopeHash.of(digest.digest()).equals(part.hash());
    if (same && lengthBytes == held.envelopeLengthBytes()) {
      return Verdict.COMPLETE;
    }
    refuse(
        Reason.ALTERED,
        part,
        "expected envelope "
            + part.dot()
            + " with hash "
            + part.hash().shortText()
            + " and "
            + held.envelopeLengthBytes()
            + " bytes but got "
            + (same ? lengthBytes + " bytes" : "another hash"));
    return Verdict.DISCARD;
  }

  /** Whether the envelope with this header may follow the head. */
  private boolean fits(EnvelopePart part, EnvelopeHeader header) {
    Reason quota = state.refuses(header);
    if (!header.space().equals(space)) {
      refuse(
          Reason.FOREIGN,
          part,
          "expected an envelope of space "
              + space.shortText()
              + " but got one of "
              + header.space().shortText());
    } else if (!header.predecessor().equals(headHash(part.dot()))) {
      refuse(
          Reason.FORK,
          part,
          "the predecessor of " + part.dot() + " is not the envelope that is held");
    } else if (header.envelopeLengthBytes() > maxEnvelopeBytes) {
      refuse(
          Reason.TOO_LARGE,
          part,
          "expected an envelope of at most "
              + maxEnvelopeBytes
              + " bytes but "
              + part.dot()
              + " has "
              + header.envelopeLengthBytes());
    } else if (quota != null) {
      refuse(
          quota,
          part,
          quota == Reason.QUOTA
              ? "the space has used up the bytes it may store here"
              : "the space has as many replicas as it may have here");
    } else {
      return true;
    }
    return false;
  }

  private EnvelopeHash headHash(Dot next) {
    return next.sequence() == 1
        ? EnvelopeHash.NONE
        : state
            .hash(new Dot(next.replica(), next.sequence() - 1))
            .orElseThrow(() -> new IllegalStateException("the log has no envelope before " + next));
  }

  private Verdict refuse(Reason reason, EnvelopePart part, String text) {
    ReplicaId replica = part.dot().replica();
    long head = state.headSequence(replica);
    EnvelopeHash headHash =
        head == 0
            ? EnvelopeHash.NONE
            : state.hash(new Dot(replica, head)).orElse(EnvelopeHash.NONE);
    refusals.put(replica, new Refusal(reason, part.dot(), head, headHash, text));
    return Verdict.PASS;
  }
}
