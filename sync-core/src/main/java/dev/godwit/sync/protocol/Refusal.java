package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.EnvelopeHash;
import java.util.Objects;

/**
 * Why one replica's envelopes were not taken, from one dot on; what came before it, and other
 * replicas', was.
 *
 * @param reason the kind, on which a program decides
 * @param dot the first dot that was refused
 * @param headSequence up to where the refusing side holds this replica's log, 0 for nothing
 * @param headHash the hash of the envelope there, {@link EnvelopeHash#NONE} for nothing
 * @param text one line for a person, without contents
 */
public record Refusal(
    Reason reason, Dot dot, long headSequence, EnvelopeHash headHash, String text) {
  /** The kinds of refusal. The codes travel; they are never reused. */
  public enum Reason {
    /**
     * An envelope or a part before it is missing: send from {@code headSequence + 1}, or from the
     * part reported.
     */
    GAP(1),
    /**
     * Another envelope is held under this dot, or its predecessor's hash is not that of the head.
     */
    FORK(2),
    /** The bytes do not fit the header, the part or the hash. */
    ALTERED(3),
    /** It belongs to another space. */
    FOREIGN(4),
    /** Its format version is newer than the receiver. */
    UNKNOWN_FORMAT(5),
    /** The envelope is larger than the receiver allows. */
    TOO_LARGE(6),
    /** The space has used up the bytes it may store there. */
    QUOTA(7),
    /** The space has as many replicas as it may have there. */
    TOO_MANY_REPLICAS(8),
    /** A kind that a later version added. */
    UNKNOWN(0);

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    /** The number that travels. */
    public int code() {
      return code;
    }

    /** The kind with this code, {@link #UNKNOWN} for one of a later version. */
    public static Reason of(int code) {
      for (Reason reason : values()) {
        if (reason.code == code) {
          return reason;
        }
      }
      return UNKNOWN;
    }
  }

  public Refusal {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(headHash, "headHash");
    if (text.length() > ProtocolLimits.MAX_TEXT_CHARACTERS) {
      text = text.substring(0, ProtocolLimits.MAX_TEXT_CHARACTERS);
    }
  }
}
