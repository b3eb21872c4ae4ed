package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;

/**
 * The limits of protocol version 1, each with the reason for its number. A sender stays within, a
 * receiver refuses more.
 */
public final class ProtocolLimits {
  /** The protocol version this program speaks; also the oldest it understands. */
  public static final int VERSION = 1;

  /** Envelope bytes in one request or answer: eight parts, a quarter of a minute at 4 Mbit/s. */
  public static final int MAX_BATCH_BYTES = 8 * EnvelopePart.MAX_LENGTH_BYTES;

  /** Parts in one request or answer: 8 MiB of envelopes of 128 bytes, the smallest that occur. */
  public static final int MAX_BATCH_PARTS = 65_536;

  /** Replicas in one space: a vector of so many still fits one message of 64 KiB. */
  public static final int MAX_REPLICAS = 1_024;

  /**
   * Hashes asked for in one request: enough to find a fork among 16 million envelopes in four
   * requests.
   */
  public static final int MAX_QUESTIONS = 64;

  /**
   * Half-received large envelopes reported in one message; a sender of more restarts the others.
   */
  public static final int MAX_PARTIALS = 16;

  /** Refusals in one answer: one for each replica. */
  public static final int MAX_REFUSALS = MAX_REPLICAS;

  /**
   * Bytes of one item other than a part's content: a vector of 1,024 replicas with tags takes 38
   * KiB.
   */
  public static final int MAX_ITEM_BYTES = 256 * 1_024;

  /**
   * Bytes of one body: the batch, and room for its items' frames (at most 48 bytes a part) and the
   * message.
   */
  public static final int MAX_BODY_BYTES =
      MAX_BATCH_BYTES + 48 * MAX_BATCH_PARTS + 2 * MAX_ITEM_BYTES;

  /** Characters of a text in a message: one line for a person. */
  public static final int MAX_TEXT_CHARACTERS = 512;

  /**
   * Depth of arrays in a message: the format needs three, later versions may add items that are
   * skipped.
   */
  public static final int MAX_NESTING = 8;

  /** Items of unknown kind that a receiver skips in one body. */
  public static final int MAX_UNKNOWN_ITEMS = 1_024;

  private ProtocolLimits() {}
}
