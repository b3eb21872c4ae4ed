package dev.godwit.cli.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A question to the person at the terminal; no answer means no. */
public final class Question {
  private Question() {}

  /** Whether the answer was yes. */
  public static boolean isYes(Environment environment, String question) {
    environment.log().print(question + " [y/N] ");
    environment.log().flush();
    environment.interruption().personIsAsked(true);
    try {
      String answer =
          new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8))
              .readLine();
      return answer != null
          && (answer.trim().toLowerCase(Locale.ROOT).equals("y")
              || answer.trim().toLowerCase(Locale.ROOT).equals("yes"));
    } catch (IOException gone) {
      return false;
    } finally {
      environment.interruption().personIsAsked(false);
    }
  }
}
