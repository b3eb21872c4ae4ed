package dev.godwit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers every connection with the same bytes and hangs up; or never answers. */
final class RudeServer implements AutoCloseable {
  private final ServerSocket server;
  private final String answer;
  private final List<Socket> open = new ArrayList<>();

  private RudeServer(String answer) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.answer = answer;
    Thread thread = new Thread(this::serve, "rude-server");
    thread.setDaemon(true);
    thread.start();
  }

  static RudeServer answering(String bytes) throws IOException {
    return new RudeServer(bytes);
  }

  static RudeServer silent() throws IOException {
    return new RudeServer(null);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  private void serve() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        synchronized (open) {
          open.add(socket);
        }
        if (answer != null) {
          InputStream request = socket.getInputStream();
          request.read(new byte[8_192]);
          OutputStream out = socket.getOutputStream();
          out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          socket.close();
        }
      }
    } catch (IOException closed) {
      // The test is over.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
