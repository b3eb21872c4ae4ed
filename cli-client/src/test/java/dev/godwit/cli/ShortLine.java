package dev.godwit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A line to a relay that breaks after so many bytes of answers, once; then it holds. */
final class ShortLine implements AutoCloseable {
  private final ServerSocket server;
  private final int port;
  private long left;

  ShortLine(int port, long answerBytes) {
    this.port = port;
    this.left = answerBytes;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  /** From now on it holds. */
  synchronized void repair() {
    left = Long.MAX_VALUE;
  }

  /** How many of so many bytes still pass. */
  private synchronized int pass(int bytes) {
    int passing = (int) Math.min(left, bytes);
    left -= passing;
    return passing;
  }

  private void serve() {
    try {
      while (true) {
        Socket here = server.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), port);
        start(() -> copy(here, there, false));
        start(() -> copy(there, here, true));
      }
    } catch (IOException closed) {
      // The test is over.
      return;
    }
  }

  private void copy(Socket from, Socket to, boolean counted) {
    byte[] buffer = new byte[4_096];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        int passing = counted ? pass(read) : read;
        out.write(buffer, 0, passing);
        if (passing < read) {
          return;
        }
      }
    } catch (IOException broken) {
      // So it is meant.
      return;
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "short-line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
