package dev.godwit.relay.http;

import dev.godwit.relay.access.SpaceOpening;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ProtocolLimits;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The relay's HTTP side: routes over a store. Answers carry no more headers than HTTP needs.
 *
 * <pre>
 * POST /spaces/{space}/exchange   one turn of an exchange
 * PUT  /spaces/{space}            opens a space
 * GET  /health                    200 when the store can be read and written
 * </pre>
 */
public final class RelayServer {
  /** Threads besides those of exchanges: acceptors, selectors, small requests. */
  private static final int OTHER_THREADS = 16;

  /** A token, a host name and what proxies add fit; more is not a client of ours. */
  private static final int MAX_REQUEST_HEADER_BYTES = 8 * 1_024;

  /** How long stopping waits for exchanges under way; a client repeats what was cut off. */
  private static final long STOP_MILLIS = 0;

  private final Javalin javalin;

  /** Prepares a server; {@link #start} binds it. */
  public RelayServer(
      RelayStore store, SpaceOpening opening, RelayLimits limits, String host, int port) {
    javalin =
        Javalin.create(
            config -> {
              settings(config, limits, host, port);
              config.routes.post("/spaces/{space}/exchange", new ExchangeRoute(store, limits));
              config.routes.put("/spaces/{space}", new OpenSpaceRoute(store, opening));
              config.routes.get(
                  "/health",
                  context -> {
                    store.check();
                    context
                        .contentType("text/plain")
                        .result("ok, protocol " + ProtocolLimits.VERSION + "\n");
                  });
              config.routes.exception(
                  Exception.class, (failure, context) -> Failures.answer(failure, context));
              config.routes.error(404, context -> Failures.notFound(context));
            });
  }

  /** Binds and serves. */
  public void start() {
    javalin.start();
  }

  /** The port that is served, also when 0 was asked for. */
  public int port() {
    return javalin.port();
  }

  /** Ends serving; exchanges under way are cut off after a moment. */
  public void stop() {
    javalin.stop();
  }

  private static void settings(JavalinConfig config, RelayLimits limits, String host, int port) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.maxRequestSize = ProtocolLimits.MAX_BODY_BYTES;
    config.http.defaultContentType = Answers.CBOR;
    config.jetty.host = host;
    config.jetty.port = port;
    QueuedThreadPool threads = new QueuedThreadPool(limits.exchanges() + OTHER_THREADS, 2);
    threads.setName("godwit-relay");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setSendDateHeader(false);
          http.setSendXPoweredBy(false);
          http.setRequestHeaderSize(MAX_REQUEST_HEADER_BYTES);
        });
    config.jetty.modifyServer(
        server -> {
          server.addBean(new NetworkConnectionLimit(limits.connections(), server));
          server.setStopTimeout(STOP_MILLIS);
          server.addEventListener(
              new org.eclipse.jetty.util.component.LifeCycle.Listener() {
                @Override
                public void lifeCycleStarting(org.eclipse.jetty.util.component.LifeCycle starting) {
                  for (org.eclipse.jetty.server.Connector connector : server.getConnectors()) {
                    ((ServerConnector) connector).setIdleTimeout(limits.silence().toMillis());
                  }
                }
              });
        });
  }

  static ExchangeError nothingHere() {
    return ExchangeError.of(
        ExchangeError.Code.NOT_FOUND, "nothing is served at this address of the relay");
  }
}
