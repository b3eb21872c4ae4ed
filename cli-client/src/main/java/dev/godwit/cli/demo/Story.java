package dev.godwit.cli.demo;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.session.Environment;
import dev.godwit.relay.Relay;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * Two laptops with one calendar: shared, edited on both while offline, and brought together. Every
 * line that begins with a prompt is run as it stands.
 */
public final class Story {
  private static final List<String> CALENDAR =
      List.of(
          """
          CREATE TABLE events (
            id TEXT PRIMARY KEY NOT NULL, starts_at TEXT, title TEXT, location TEXT)""",
          """
          INSERT INTO events VALUES
            ('dentist', '2026-11-23 09:00', 'Dentist', '4 Main Street'),
            ('lunch', '2026-11-23 12:30', 'Team lunch', 'Canteen'),
            ('swim', '2026-11-24 18:00', 'Swimming', 'Pool')""");
  private static final List<String> AT_HOME =
      List.of(
          "UPDATE events SET title = 'Dentist, bring X-rays' WHERE id = 'dentist'",
          "UPDATE events SET title = 'Lunch with everybody' WHERE id = 'lunch'",
          "DELETE FROM events WHERE id = 'swim'");
  private static final List<String> AT_OFFICE =
      List.of(
          "UPDATE events SET starts_at = '2026-11-23 10:15' WHERE id = 'dentist'",
          "UPDATE events SET title = 'Lunch with guests' WHERE id = 'lunch'",
          "INSERT INTO events VALUES ('review', '2026-11-25 14:00', 'Review', 'Room 2')");

  private final Environment environment;
  private final PrintWriter out;
  private final Command godwit;
  private final Path folder;
  private final Laptop home;
  private final Laptop office;

  public Story(Environment environment, Command godwit, Path folder) {
    this.environment = environment.printingTo(environment.out());
    this.out = environment.out();
    this.godwit = godwit;
    this.folder = folder;
    this.home = new Laptop("home", environment.elsewhere(folder.resolve("home")));
    this.office = new Laptop("office", environment.elsewhere(folder.resolve("office")));
  }

  /** Tells it, and checks the end. */
  public void tell() {
    try (Relay relay =
        Relay.builder()
            .port(0)
            .data(folder.resolve("relay"))
            .warnings(out::println)
            .build()
            .start()) {
      tell(relay.url());
    }
  }

  private void tell(String relay) {
    chapter("A calendar on one laptop, and a relay at " + relay);
    sql(home, CALENDAR);
    run(home, "init", Laptop.FILE, "--name", "home");
    run(home, "share", Laptop.FILE, relay);

    chapter("A second laptop joins with an invitation");
    String invitation = invitation();
    run(office, "join", Laptop.FILE, "--name", "office", invitation);

    chapter("Both are offline, and both write plain SQL");
    sql(home, AT_HOME);
    later();
    sql(office, AT_OFFICE);

    chapter("Both are online again, and sync");
    run(home, "sync", Laptop.FILE);
    run(office, "sync", Laptop.FILE);
    run(home, "sync", Laptop.FILE);
    home.print(out);
    office.print(out);

    out.println("The dentist was changed on both, in other columns: both changes hold.");
    out.println();
    chapter("The lunch got two titles: one is seen, the other is kept");
    run(home, "conflicts", Laptop.FILE);
    chapter("Who wrote what");
    run(office, "log", Laptop.FILE, "--changes", "--limit", "2");
    check();
  }

  private void check() {
    chapter("Do both agree?");
    String[] both = {"doctor", "home/" + Laptop.FILE, "office/" + Laptop.FILE};
    out.println("$ godwit " + String.join(" ", both));
    require(godwit.run(environment.at(folder), both));
    if (!home.rows().equals(office.rows())) {
      throw new Failure(
          ExitCode.DIFFERENCE, "the laptops differ", "report this with the output above");
    }
    out.println("both laptops show the same " + home.rows().size() + " rows");
  }

  private void chapter(String title) {
    out.println("== " + title);
    out.println();
  }

  private void sql(Laptop laptop, List<String> statements) {
    out.println(laptop.name() + "$ sqlite3 " + Laptop.FILE);
    for (String statement : statements) {
      out.println("  " + statement.replace("\n", "\n  ") + ";");
    }
    out.println();
    laptop.write(statements);
  }

  private void run(Laptop laptop, String... arguments) {
    out.println(laptop.name() + "$ godwit " + written(arguments));
    require(godwit.run(laptop.machine(), arguments));
  }

  private void require(int exitCode) {
    out.println();
    if (exitCode != ExitCode.DONE.number()) {
      throw new Failure(
          ExitCode.DIFFERENCE,
          "expected the command above to succeed but it ended with " + exitCode,
          "report this with the output above");
    }
  }

  /** The line as one would type it; an invitation stands on a line of its own. */
  private static String written(String... arguments) {
    StringBuilder line = new StringBuilder();
    for (String argument : arguments) {
      boolean secret = argument.contains("#");
      line.append(
          secret ? " \\\n  '" + argument + "'" : (line.length() == 0 ? "" : " ") + argument);
    }
    return line.toString();
  }

  private String invitation() {
    StringWriter line = new StringWriter();
    Environment quiet = home.machine().printingTo(new PrintWriter(line, true));
    godwit.run(quiet, "invite", Laptop.FILE);
    return line.toString().trim();
  }

  /** Waits until the clock shows another millisecond, so that the story always ends the same. */
  private static void later() {
    long before = System.currentTimeMillis();
    while (System.currentTimeMillis() - before < 2) {
      Thread.onSpinWait();
    }
  }
}
