package dev.godwit.tests.bench.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on to a port of this machine and counts the bytes in both directions. */
final class CountingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final AtomicLong bytes = new AtomicLong();

  private CountingProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static CountingProxy before(int target) throws IOException {
    CountingProxy proxy =
        new CountingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    daemon(proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  long bytes() {
    return bytes.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket relay = new Socket(InetAddress.getLoopbackAddress(), target);
        daemon(() -> pump(client, relay));
        daemon(() -> pump(relay, client));
      }
    } catch (IOException closed) {
      // The proxy was closed.
      return;
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[65_536];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.addAndGet(count);
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException closed) {
      // One side hung up.
      return;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "counting proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
