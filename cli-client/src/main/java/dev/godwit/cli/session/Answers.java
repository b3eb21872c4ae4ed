package dev.godwit.cli.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** What a person, or a pipe, answers to several questions in turn. */
public final class Answers {
  private final Environment environment;
  private final BufferedReader lines;

  public Answers(Environment environment) {
    this.environment = environment;
    this.lines =
        new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8));
  }

  /** The answer to a question without spaces around it; null when there are no more. */
  public String to(String question) {
    environment.log().print(question + " ");
    environment.log().flush();
    environment.interruption().personIsAsked(true);
    try {
      String answer = lines.readLine();
      if (answer == null) {
        environment.log().println();
        return null;
      }
      return answer.trim();
    } catch (IOException gone) {
      return null;
    } finally {
      environment.interruption().personIsAsked(false);
    }
  }
}
