package dev.godwit.tests.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The {@code godwit relay} command on one port, to be killed and started again over its data. */
final class RelayOnAPort implements AutoCloseable {
  private final Machine machine;
  private final int port;
  private Machine.Running running;

  RelayOnAPort(Machine machine) {
    this.machine = machine;
    this.port = freePort();
    start();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    // exec, so that the process is the relay and not a shell around it
    running = machine.begin("exec godwit relay --data data --port " + port);
    running.awaitOutput("relay at ");
  }

  /** As a power cut: no goodbye. */
  void kill() {
    running.process().destroyForcibly();
    Machine.end(running);
  }

  /** As Ctrl-C: returns what it said. */
  Machine.Said stop() {
    running.process().destroy();
    return Machine.end(running);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    running.process().destroyForcibly();
  }
}
