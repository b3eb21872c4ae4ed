package dev.godwit.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A relay in a process of its own, with a heap of its own, that can be killed. */
final class RelayProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private RelayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Started by {@link #start}: serves until killed. */
  public static void main(String[] arguments) {
    Relay relay =
        Relay.builder()
            .port(Integer.parseInt(arguments[1]))
            .data(Path.of(arguments[0]))
            .build()
            .start();
    System.out.println("port " + relay.port());
  }

  static RelayProcess start(Path data, int port, String... jvmOptions) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(jvmOptions));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            RelayProcess.class.getName(),
            data.toString(),
            Integer.toString(port)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    if (line == null || !line.startsWith("port ")) {
      process.destroyForcibly();
      throw new IOException("the relay did not start: " + line);
    }
    return new RelayProcess(process, Integer.parseInt(line.substring(5)));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** As kill -9. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }
}
