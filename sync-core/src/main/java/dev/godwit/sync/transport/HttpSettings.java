package dev.godwit.sync.transport;

import java.time.Duration;

/**
 * Time limits of HTTP calls.
 *
 * @param connect to reach the relay
 * @param read without a byte from it
 * @param write without being able to send a byte
 * @param call for one whole request and answer, up to a batch each way
 */
public record HttpSettings(Duration connect, Duration read, Duration write, Duration call) {
  /**
   * 10 s to connect, 30 s of silence either way, 10 minutes in all: two batches of 8 MiB at 30
   * kB/s, the least at which an exchange is of use.
   */
  public static HttpSettings ofDefaults() {
    return new HttpSettings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
  }
}
