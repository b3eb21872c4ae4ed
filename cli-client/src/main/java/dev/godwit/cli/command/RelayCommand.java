package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.relay.Relay;
import dev.godwit.relay.access.SpaceOpening;
import dev.godwit.relay.store.RelayStoreException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code godwit relay}: runs a relay until it is stopped. */
@Command(
    name = "relay",
    description = {
      "Run a relay: it keeps what devices send and hands it on.",
      "",
      "It listens on this machine alone unless --host says otherwise. It speaks",
      "plain HTTP: for other machines put a proxy with TLS before it. Ctrl-C ends",
      "it; everything it has confirmed is on disk."
    },
    footer = {
      "",
      "Environment: GODWIT_OPERATOR_TOKEN, when it is set, is what devices must show",
      "to open a space here (16 characters or more); without it everybody may.",
      "",
      "Example:",
      "  godwit relay --port 7117 --data /var/lib/godwit"
    })
public final class RelayCommand extends Verb {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + Relay.DEFAULT_PORT,
      description = "Where to listen, 0 for any free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on. Default: ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that holds everything. Default: relay in godwit's own folder")
  private Path data;

  public RelayCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    Path folder = data == null ? environment().home().resolve("relay") : data;
    try (Relay relay = start(folder)) {
      out().println("relay at " + relay.url() + ", data in " + folder);
      out().println("stop it with Ctrl-C");
      environment().interruption().await(Long.MAX_VALUE);
    }
    out().println("relay stopped");
    return ExitCode.DONE;
  }

  private Relay start(Path folder) {
    Relay.Builder builder;
    String operatorToken = environment().variable("GODWIT_OPERATOR_TOKEN");
    try {
      builder = Relay.builder().host(host).port(port).data(folder).warnings(log()::println);
      if (operatorToken != null) {
        builder.opening(SpaceOpening.withOperatorToken(operatorToken));
      }
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, Failures.message(wrong), "godwit relay --help", wrong);
    }
    try {
      return builder.build().start();
    } catch (RelayStoreException store) {
      throw store;
    } catch (RuntimeException unbound) {
      throw new Failure(
          ExitCode.SERVE,
          "cannot listen on " + host + ":" + port + ": " + Failures.message(unbound),
          "another port with --port, or stop what listens there",
          unbound);
    }
  }
}
