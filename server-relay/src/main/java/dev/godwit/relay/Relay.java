package dev.godwit.relay;

import dev.godwit.relay.access.SpaceOpening;
import dev.godwit.relay.http.RelayServer;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.relay.store.sqlite.SqliteRelayStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A relay in this process: stores the envelopes of its spaces and hands them on, over HTTP.
 *
 * <pre>
 * try (Relay relay = Relay.builder().data(directory).build().start()) {
 *   … relay.port() …
 * }
 * </pre>
 *
 * <p>Defaults: loopback only, port {@value #DEFAULT_PORT}, anyone who reaches it may open spaces,
 * {@link RelayLimits#ofDefaults()}. It serves plain HTTP; beyond loopback put a proxy with TLS
 * before it, and it says so in one line. Starts once and stops once. Thread safe.
 */
public final class Relay implements AutoCloseable {
  /** The port when none is chosen. */
  public static final int DEFAULT_PORT = 7_117;

  private final Builder settings;
  private RelayStore store;
  private RelayServer server;
  private int port;

  private Relay(Builder settings) {
    this.settings = settings;
  }

  /** Starts from the defaults; only {@link Builder#data} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens the store, binds and serves.
   *
   * @return this
   * @throws dev.godwit.relay.store.RelayStoreException when the data cannot be opened or is in use
   * @throws RuntimeException when the port cannot be bound
   */
  public synchronized Relay start() {
    if (server != null) {
      throw new IllegalStateException("expected a relay that was never started");
    }
    if (!isLoopback(settings.host)) {
      settings.warnings.accept(
          "warning: serving plain HTTP on "
              + settings.host
              + ": tokens and data can be read on the way. try: a reverse proxy with TLS, and the relay on loopback behind it");
    }
    store = SqliteRelayStore.open(settings.data, settings.limits, new SecureRandom().nextLong());
    server =
        new RelayServer(store, settings.opening, settings.limits, settings.host, settings.port);
    try {
      server.start();
      port = server.port();
    } catch (RuntimeException failed) {
      store.close();
      throw failed;
    }
    return this;
  }

  /**
   * The port it serves, also when 0 was chosen; the same after it was stopped.
   *
   * @throws IllegalStateException when it was not started
   */
  public synchronized int port() {
    if (port == 0) {
      throw new IllegalStateException("expected a relay that was started");
    }
    return port;
  }

  /** Its address for clients on this machine or, when it is bound to one, on its network. */
  public String url() {
    return "http://"
        + (settings.host.equals("0.0.0.0") || settings.host.equals("::")
            ? "localhost"
            : settings.host)
        + ":"
        + port();
  }

  /** Ends serving, then completes what is waiting to be written. Calling it again does nothing. */
  public synchronized void stop() {
    if (store != null) {
      server.stop();
      store.close();
      store = null;
    }
  }

  /** As {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /** Collects the settings; refuses a wrong one at once. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = DEFAULT_PORT;
    private Path data;
    private SpaceOpening opening = SpaceOpening.anyone();
    private RelayLimits limits = RelayLimits.ofDefaults();
    private Consumer<String> warnings = System.err::println;

    private Builder() {}

    /** The address to bind to; anything but loopback can be reached, and read, by others. */
    public Builder host(String address) {
      host = Objects.requireNonNull(address, "address");
      return this;
    }

    /** 0 for any that is free. */
    public Builder port(int number) {
      if (number < 0 || number > 65_535) {
        throw new IllegalArgumentException("expected a port of 0 to 65535 but got " + number);
      }
      port = number;
      return this;
    }

    /** The directory that holds everything. */
    public Builder data(Path directory) {
      data = Objects.requireNonNull(directory, "directory");
      return this;
    }

    public Builder opening(SpaceOpening whoMayOpenSpaces) {
      opening = Objects.requireNonNull(whoMayOpenSpaces, "whoMayOpenSpaces");
      return this;
    }

    public Builder limits(RelayLimits allowed) {
      limits = Objects.requireNonNull(allowed, "allowed");
      return this;
    }

    /** Where lines for the operator go; standard error by default. */
    public Builder warnings(Consumer<String> lines) {
      warnings = Objects.requireNonNull(lines, "lines");
      return this;
    }

    /**
     * @throws IllegalStateException when there is no data directory
     */
    public Relay build() {
      if (data == null) {
        throw new IllegalStateException("expected a data directory: call data(directory)");
      }
      return new Relay(this);
    }
  }
}
