package dev.godwit.relay.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What Javalin calls when a route failed or none fits. */
final class Failures {
  private Failures() {}

  static void answer(Exception failure, Context context) {
    try {
      Answers.send(Answers.errorFor(failure), context.res());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static void notFound(Context context) {
    try {
      Answers.send(RelayServer.nothingHere(), context.res());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
