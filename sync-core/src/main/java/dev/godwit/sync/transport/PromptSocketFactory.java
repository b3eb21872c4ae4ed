package dev.godwit.sync.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes sockets that send at once: with Nagle's algorithm the tail of every streamed body waits
 * some 40 ms for the acknowledgement of what went before.
 */
final class PromptSocketFactory extends SocketFactory {
  private final SocketFactory platform = SocketFactory.getDefault();

  @Override
  public Socket createSocket() throws IOException {
    return prompt(platform.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return prompt(platform.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prompt(platform.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return prompt(platform.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prompt(platform.createSocket(host, port, localHost, localPort));
  }

  private static Socket prompt(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    return socket;
  }
}
