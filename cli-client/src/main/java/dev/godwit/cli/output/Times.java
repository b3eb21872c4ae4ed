package dev.godwit.cli.output;

import dev.godwit.crdt.causality.HybridTimestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times as people read them, in their own zone. */
public final class Times {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private Times() {}

  /** The time of a write; rows that were there when tracking began have none. */
  public static String shown(HybridTimestamp time) {
    return time.millis() == 0
        ? "before tracking"
        : FORMAT.format(Instant.ofEpochMilli(time.millis()).atZone(ZoneId.systemDefault()));
  }
}
