package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.relay.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Relays and invitations that do not work: one clear error, nothing lost, the next attempt works.
 */
class BadRelayTest {
  private static final String EVENTS =
      "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)";

  @TempDir Path folder;
  private Desk desk;
  private Desk other;
  private Relay relay;
  private String invitation;

  @BeforeEach
  void share() throws IOException {
    relay = start("relay", 0);
    desk = new Desk(folder.resolve("desk"));
    other = new Desk(folder.resolve("other"));
    desk.sql("a.db", EVENTS, "INSERT INTO events VALUES ('x', 'one')");
    desk.godwit("init", "a.db").done();
    invitation = desk.godwit("share", "a.db", relay.url()).done().out().trim();
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  private Relay start(String data, int port) {
    return Relay.builder().port(port).data(folder.resolve(data)).build().start();
  }

  @Test
  void aRelayThatIsDownIsSaidAndTheNextSyncSendsEverything() {
    int port = relay.port();
    relay.close();
    desk.sql("a.db", "UPDATE events SET title = 'two'");
    desk.godwit("sync", "a.db", "--timeout", "1").failed(ExitCode.UNREACHABLE, "cannot reach");
    other
        .godwit("join", "b.db", invitation, "--timeout", "1")
        .failed(ExitCode.UNREACHABLE, "cannot reach");
    relay = start("relay", port);
    desk.godwit("sync", "a.db").done();
    other.godwit("join", "b.db", invitation).done();
    assertEquals(List.of("two"), other.column("b.db", "SELECT title FROM events"));
    assertFalse(Files.exists(other.path("b.db.joining")));
  }

  @Test
  void aSilentRelayIsGivenUp() throws IOException {
    try (RudeServer server = RudeServer.silent()) {
      joinAt(server, "b.db", ExitCode.UNREACHABLE, "");
    }
  }

  @Test
  void anAnswerThatIsCutOffIsUnreachable() throws IOException {
    String half =
        "HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\nContent-Length: 900\r\n\r\n\u0085";
    try (RudeServer server = RudeServer.answering(half)) {
      joinAt(server, "b.db", ExitCode.UNREACHABLE, "");
    }
  }

  @Test
  void aWebPageIsNoRelay() throws IOException {
    String page = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<html>Log in!</html>";
    try (RudeServer server = RudeServer.answering(page)) {
      joinAt(server, "b.db", ExitCode.RELAY, "");
      desk.godwit("share", "a.db", server.url()).failed(ExitCode.RELAY, "");
    }
    desk.godwit("sync", "a.db").done();
  }

  @Test
  void aMissingPageIsNoRelay() throws IOException {
    String missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot found";
    try (RudeServer server = RudeServer.answering(missing)) {
      joinAt(server, "b.db", ExitCode.RELAY, "404");
    }
  }

  /** Joining there fails so with a new file and leaves a file of the user's as it was. */
  private void joinAt(RudeServer server, String file, ExitCode expected, String about)
      throws IOException {
    String there = invitation.replace(relay.url() + "/", server.url());
    other.sql("own.db", EVENTS);
    Map<String, String> before = other.everything();
    other.godwit("join", "own.db", there, "--timeout", "1").failed(expected, about);
    assertEquals(before, other.everything());
    other.godwit("join", file, there, "--timeout", "1").failed(expected, about);
    other.godwit("join", file, invitation).done();
    assertEquals(List.of("one"), other.column(file, "SELECT title FROM events"));
    other.godwit("join", "own.db", invitation).done();
    assertEquals(List.of("one"), other.column("own.db", "SELECT title FROM events"));
  }

  @Test
  void aWrongInvitationMakesNothing() throws IOException {
    List<String> wrong =
        List.of(
            "hello",
            "godwit+ftp://x/1#2",
            invitation.substring(0, invitation.indexOf('#')),
            invitation.substring(0, invitation.length() - 9),
            invitation.substring(0, invitation.indexOf('#') - 3) + "#" + "A".repeat(22),
            "x".repeat(3_000));
    for (String line : wrong) {
      other.godwit("join", "b.db", line).failed(ExitCode.NO_ACCESS, "not an invitation");
    }
    String anotherSecret = invitation.substring(0, invitation.indexOf('#')) + "#" + "A".repeat(22);
    other.godwit("join", "b.db", anotherSecret).failed(ExitCode.NO_ACCESS, "token");
    assertEquals(Map.of(), other.everything());
    other.godwit("join", "b.db", invitation).done();
  }

  @Test
  void aRelayThatLostItsDataIsSharedWithAnewAndOldInvitationsStayGood() {
    int port = relay.port();
    relay.close();
    relay = start("fresh", port);
    Desk.Said said = desk.godwit("sync", "a.db");
    said.failed(ExitCode.NO_ACCESS, "does not let this file in");
    String again = desk.godwit("share", "a.db", relay.url()).done().out().trim();
    assertEquals(invitation, again);
    other.godwit("join", "b.db", invitation).done();
    assertEquals(List.of("one"), other.column("b.db", "SELECT title FROM events"));
  }

  @Test
  void anInvitationForAnotherSpaceLeavesTheFileInItsOwn() {
    other.sql("c.db", EVENTS);
    other.godwit("init", "c.db").done();
    other.godwit("join", "c.db", invitation).failed(ExitCode.SCHEMA, "belongs to space");
    other.godwit("share", "c.db", relay.url()).done();
  }
}
