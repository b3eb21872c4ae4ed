package dev.godwit.relay.limit;

import dev.godwit.sync.protocol.ProtocolLimits;
import java.time.Duration;

/**
 * What one relay allows. Immutable; start from {@link #ofDefaults()} and change single ones.
 *
 * @param replicasPerSpace at most {@value ProtocolLimits#MAX_REPLICAS}, which is the default
 * @param envelopeBytes the largest envelope; 1 GiB: an import of a few million rows
 * @param bytesPerSpace stored envelope bytes of one space; 64 GiB
 * @param spaces spaces in all; 10,000
 * @param connections open connections; 4,096 sockets take some 60 MB
 * @param exchanges exchanges at work at once; 48 hold at most some 150 MB, and leave threads for
 *     the rest
 * @param bytesInFlight bytes received and waiting to be committed; 32 MiB: four full batches
 * @param requestTime from a request's first byte to its last; 10 minutes: a full batch at 15 kB/s
 * @param silence without a byte from or to a client; 30 s
 */
public record RelayLimits(
    int replicasPerSpace,
    long envelopeBytes,
    long bytesPerSpace,
    int spaces,
    int connections,
    int exchanges,
    int bytesInFlight,
    Duration requestTime,
    Duration silence) {
  private static final long GIBIBYTE = 1L << 30;

  public RelayLimits {
    require("replicas per space", replicasPerSpace, ProtocolLimits.MAX_REPLICAS);
    require("envelope bytes", envelopeBytes, 64 * GIBIBYTE);
    require("bytes per space", bytesPerSpace, Long.MAX_VALUE);
    require("spaces", spaces, Integer.MAX_VALUE);
    require("connections", connections, 1_000_000);
    require("exchanges", exchanges, 1_000);
    require("bytes in flight", bytesInFlight, Integer.MAX_VALUE);
    require("request time in milliseconds", requestTime.toMillis(), Duration.ofDays(1).toMillis());
    require("silence in milliseconds", silence.toMillis(), Duration.ofDays(1).toMillis());
  }

  /** The defaults named above. */
  public static RelayLimits ofDefaults() {
    return new RelayLimits(
        ProtocolLimits.MAX_REPLICAS,
        GIBIBYTE,
        64 * GIBIBYTE,
        10_000,
        4_096,
        48,
        32 << 20,
        Duration.ofMinutes(10),
        Duration.ofSeconds(30));
  }

  public RelayLimits withReplicasPerSpace(int count) {
    return new RelayLimits(
        count,
        envelopeBytes,
        bytesPerSpace,
        spaces,
        connections,
        exchanges,
        bytesInFlight,
        requestTime,
        silence);
  }

  public RelayLimits withEnvelopeBytes(long bytes) {
    return new RelayLimits(
        replicasPerSpace,
        bytes,
        bytesPerSpace,
        spaces,
        connections,
        exchanges,
        bytesInFlight,
        requestTime,
        silence);
  }

  public RelayLimits withBytesPerSpace(long bytes) {
    return new RelayLimits(
        replicasPerSpace,
        envelopeBytes,
        bytes,
        spaces,
        connections,
        exchanges,
        bytesInFlight,
        requestTime,
        silence);
  }

  public RelayLimits withSpaces(int count) {
    return new RelayLimits(
        replicasPerSpace,
        envelopeBytes,
        bytesPerSpace,
        count,
        connections,
        exchanges,
        bytesInFlight,
        requestTime,
        silence);
  }

  public RelayLimits withConnections(int count) {
    return new RelayLimits(
        replicasPerSpace,
        envelopeBytes,
        bytesPerSpace,
        spaces,
        count,
        exchanges,
        bytesInFlight,
        requestTime,
        silence);
  }

  public RelayLimits withSilence(Duration duration) {
    return new RelayLimits(
        replicasPerSpace,
        envelopeBytes,
        bytesPerSpace,
        spaces,
        connections,
        exchanges,
        bytesInFlight,
        requestTime,
        duration);
  }

  private static void require(String noun, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "expected " + noun + " of 1 to " + most + " but got " + value);
    }
  }
}
