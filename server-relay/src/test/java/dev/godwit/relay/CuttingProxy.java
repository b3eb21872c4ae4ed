package dev.godwit.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that counts what passes and cuts a connection after so many bytes in one direction.
 * Each cut happens once; {@link #cutAfter} arms the next.
 */
final class CuttingProxy implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicLong upLeft = new AtomicLong(NEVER);
  private final AtomicLong downLeft = new AtomicLong(NEVER);
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private volatile int relayPort;

  CuttingProxy(int relayPort) throws IOException {
    this.relayPort = relayPort;
    start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** Cuts after so many more bytes to the relay, and after so many from it. */
  void cutAfter(long bytesUp, long bytesDown) {
    upLeft.set(bytesUp);
    downLeft.set(bytesDown);
  }

  void neverCut() {
    cutAfter(NEVER, NEVER);
  }

  /** From now on leads to another relay. */
  void leadTo(int port) {
    relayPort = port;
  }

  /** Bytes that passed, both ways. */
  long passed() {
    return passed.get();
  }

  long cuts() {
    return cuts.get();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket client = listening.accept();
      Socket relay;
      try {
        relay = new Socket(InetAddress.getLoopbackAddress(), relayPort);
      } catch (IOException down) {
        client.close();
        continue;
      }
      open.add(client);
      open.add(relay);
      start(() -> pump(client, relay, upLeft));
      start(() -> pump(relay, client, downLeft));
    }
  }

  private void pump(Socket from, Socket to, AtomicLong left) throws IOException {
    byte[] buffer = new byte[8_192];
    try (from;
        to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        long before = left.get() == NEVER ? NEVER : left.getAndAdd(-read);
        int passing = (int) Math.max(0, Math.min(read, before));
        output.write(buffer, 0, passing);
        output.flush();
        passed.addAndGet(passing);
        if (passing < read) {
          cuts.incrementAndGet();
          neverCut();
          from.setSoLinger(true, 0);
          to.setSoLinger(true, 0);
          return;
        }
      }
    }
  }

  private interface Running {
    void run() throws IOException;
  }

  private static void start(Running running) {
    Thread thread =
        new Thread(
            () -> {
              try {
                running.run();
              } catch (IOException closed) {
                // one side is gone, which is what this proxy is for
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
