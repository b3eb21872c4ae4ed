package dev.godwit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.relay.access.SpaceOpening;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ExchangeError.Code;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.Refusal;
import dev.godwit.sync.transport.RelaySpaces;
import dev.godwit.sync.wire.MalformedMessageException;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.MessageWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The routes as a stranger, a broken client or an attacker meets them: typed refusals, and the next
 * request works.
 */
class RelayRouteTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryExchangeStore alice = new MemoryExchangeStore(RelayFixture.SPACE, 1);

  @TempDir private Path directory;
  private RelayFixture fixture;

  @BeforeEach
  void startRelay() {
    fixture = new RelayFixture(directory);
  }

  @AfterEach
  void theNextExchangeWorks() {
    alice.sealMany(1);
    RelayFixture.sync(alice, fixture.invitation());
    fixture.close();
  }

  @Test
  void healthAnswersWithTheProtocol() throws Exception {
    HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(uri("health")).GET());
    assertEquals(200, answer.statusCode());
    assertEquals("ok, protocol 1\n", new String(answer.body(), StandardCharsets.UTF_8));
  }

  @Test
  void answersCarryNoNeedlessHeaders() throws Exception {
    HttpResponse<byte[]> answer = exchange(body(List.of()));
    assertEquals(
        List.of("content-length", "content-type"),
        new ArrayList<>(answer.headers().map().keySet()));
  }

  @Test
  void aGapIsRefusedWithTheHeadAndWhatCameBeforeIsKept() throws Exception {
    List<EnvelopePart> parts = sealed(5);
    parts.remove(3);
    HttpResponse<byte[]> answer = exchange(body(parts));
    assertEquals(409, answer.statusCode());
    ExchangeAnswer message = answerOf(answer);
    Refusal refusal = message.refusals().get(0);
    assertEquals(Refusal.Reason.GAP, refusal.reason());
    assertEquals(new Dot(alice.self(), 5), refusal.dot());
    assertEquals(3, refusal.headSequence());
    assertEquals(parts.get(2).hash(), refusal.headHash());
    assertEquals(3, message.heads().vector().sequence(alice.self()));
  }

  @Test
  void aForkIsRefusedWithTheHeadAndHashesCanBeAsked() throws Exception {
    MemoryExchangeStore copy = alice.copied(9);
    exchange(body(sealed(3)));
    copy.sealMany(2);
    copy.markOffered(2);
    HttpResponse<byte[]> answer = exchange(body(partsOf(copy)));
    assertEquals(409, answer.statusCode());
    Refusal refusal = answerOf(answer).refusals().get(0);
    assertEquals(Refusal.Reason.FORK, refusal.reason());
    assertEquals(3, refusal.headSequence());
    assertEquals(alice.hash(new Dot(alice.self(), 3)).get(), refusal.headHash());

    ExchangeRequest asking =
        new ExchangeRequest(
            alice.self(),
            Optional.empty(),
            0,
            Heads.empty(),
            List.of(),
            List.of(new Dot(alice.self(), 2), new Dot(alice.self(), 4)),
            0,
            0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writer.write(asking);
      writer.write(ExchangeEnd.OF_REQUEST);
    }
    assertEquals(
        List.of(alice.hash(new Dot(alice.self(), 2)), Optional.empty()),
        answerOf(exchange(bytes.toByteArray())).hashes());
  }

  @Test
  void anotherSpacesEnvelopeIsRefused() throws Exception {
    MemoryExchangeStore stranger = new MemoryExchangeStore(SpaceId.of(new byte[16]), 5);
    stranger.sealMany(1);
    stranger.markOffered(1);
    ExchangeAnswer answer = answerOf(exchange(body(partsOf(stranger))));
    assertEquals(Refusal.Reason.FOREIGN, answer.refusals().get(0).reason());
    assertEquals(Heads.empty(), answer.heads());
  }

  @Test
  void anUnknownVersionSaysWhichSideIsOld() throws Exception {
    byte[] newer = body(List.of());
    newer[2] = 9;
    HttpResponse<byte[]> answer = exchange(newer);
    assertEquals(426, answer.statusCode());
    ExchangeError error = errorOf(answer);
    assertEquals(Code.UNKNOWN_VERSION, error.code());
    assertEquals(1, error.newestVersion());
    assertTrue(error.text().endsWith("the answering side is too old, update it"), error.text());
  }

  @Test
  void bodiesThatAreTooLargeAreRefusedBeforeTheyAreRead() throws Exception {
    String head =
        "POST "
            + uri("spaces/" + RelayFixture.SPACE + "/exchange").getPath()
            + " HTTP/1.1\r\nHost: relay\r\nConnection: close\r\nContent-Length: 13000000\r\n"
            + "Authorization: Bearer "
            + fixture.invitation().token().secretText()
            + "\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", fixture.relay().port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String text = new String(answer, StandardCharsets.ISO_8859_1);
      assertTrue(text.startsWith("HTTP/1.1 413 "), text);
      byte[] body = Arrays.copyOfRange(answer, text.indexOf("\r\n\r\n") + 4, answer.length);
      MessageReader reader = new MessageReader(new ByteArrayInputStream(body));
      assertEquals(Code.TOO_LARGE, reader.readError().code());
    }
  }

  @Test
  void aTruncatedBodyIsRefusedAndWhatWasWholeIsKept() throws Exception {
    byte[] body = body(sealed(5));
    HttpResponse<byte[]> answer = exchange(Arrays.copyOf(body, body.length - 40));
    assertEquals(400, answer.statusCode());
    assertEquals(Code.MALFORMED, errorOf(answer).code());
    RelayFixture.sync(alice, fixture.invitation());
    MemoryExchangeStore bob = new MemoryExchangeStore(RelayFixture.SPACE, 2);
    RelayFixture.sync(bob, fixture.invitation());
    assertEquals(alice.content(), bob.content());
  }

  @Test
  void aDeepBodyIsRefused() throws Exception {
    byte[] deep = new byte[500_000];
    java.util.Arrays.fill(deep, (byte) 0x81);
    HttpResponse<byte[]> answer = exchange(deep);
    assertEquals(400, answer.statusCode());
    assertEquals(Code.MALFORMED, errorOf(answer).code());
  }

  @Test
  void withoutTheRightTokenNothingIsToldNotEvenWhetherTheSpaceExists() throws Exception {
    byte[] body = body(sealed(2));
    List<HttpResponse<byte[]>> answers =
        List.of(
            send(
                request(RelayFixture.SPACE, null)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))),
            send(
                request(RelayFixture.SPACE, "x")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))),
            send(
                request(RelayFixture.SPACE, "A".repeat(22))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))),
            send(
                request(SpaceId.of(new byte[16]), "A".repeat(22))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))));
    for (HttpResponse<byte[]> answer : answers) {
      assertEquals(401, answer.statusCode());
      assertEquals(Code.UNAUTHORIZED, errorOf(answer).code());
    }
    assertEquals(errorOf(answers.get(2)), errorOf(answers.get(3)));
    assertEquals(Heads.empty(), answerOf(exchange(body(List.of()))).heads());
  }

  @Test
  void unknownAddressesAreRefusedInTheProtocolsForm() throws Exception {
    HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(uri("nowhere")).GET());
    assertEquals(404, answer.statusCode());
    assertEquals(Code.NOT_FOUND, errorOf(answer).code());
    HttpResponse<byte[]> badSpace =
        send(
            HttpRequest.newBuilder(uri("spaces/xyz/exchange"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3])));
    assertEquals(400, badSpace.statusCode());
  }

  @Test
  void theOperatorDecidesWhoOpensSpaces(@TempDir Path data) {
    String operator = "an operator's long token";
    SpaceId space = SpaceId.of(new byte[16]);
    try (Relay relay =
        relay(data, SpaceOpening.withOperatorToken(operator), RelayLimits.ofDefaults())) {
      assertThrows(
          ExchangeException.CredentialsRefused.class,
          () -> RelaySpaces.open(relay.url(), space, Optional.empty(), new SecureRandom()));
      assertThrows(
          ExchangeException.CredentialsRefused.class,
          () ->
              RelaySpaces.open(
                  relay.url(), space, Optional.of(operator + "!"), new SecureRandom()));
      RelaySpaces.open(relay.url(), space, Optional.of(operator), new SecureRandom());
      assertThrows(
          ExchangeException.CredentialsRefused.class,
          () -> RelaySpaces.open(relay.url(), space, Optional.of(operator), new SecureRandom()));
    }
    try (Relay relay = relay(data, SpaceOpening.nobody(), RelayLimits.ofDefaults())) {
      assertThrows(
          ExchangeException.CredentialsRefused.class,
          () ->
              RelaySpaces.open(
                  relay.url(), RelayFixture.SPACE, Optional.empty(), new SecureRandom()));
    }
    try (Relay relay = relay(data, SpaceOpening.anyone(), RelayLimits.ofDefaults().withSpaces(1))) {
      assertThrows(
          ExchangeException.LimitReached.class,
          () ->
              RelaySpaces.open(
                  relay.url(), RelayFixture.SPACE, Optional.empty(), new SecureRandom()));
    }
  }

  @Test
  void plainHttpBeyondLoopbackIsSaidAloud(@TempDir Path data) {
    List<String> lines = new ArrayList<>();
    try (Relay relay =
        Relay.builder().host("0.0.0.0").port(0).data(data).warnings(lines::add).build().start()) {
      assertEquals(1, lines.size());
      assertTrue(lines.get(0).startsWith("warning: serving plain HTTP on 0.0.0.0"), lines.get(0));
      assertTrue(relay.port() > 0);
    }
    assertFalse(fixture.relay().url().contains("0.0.0.0"));
  }

  @Test
  void randomBodiesOnEveryRouteAreRefusedAndTheRelayGoesOn() throws Exception {
    long seed = 31;
    System.out.println("RelayRouteTest seed " + seed);
    Random random = new Random(seed);
    byte[] good = body(sealed(4));
    String token = fixture.invitation().token().secretText();
    for (int i = 0; i < 400; i++) {
      byte[] bytes = good.clone();
      if (random.nextBoolean()) {
        bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
      } else {
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
      HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofByteArray(bytes);
      HttpResponse<byte[]> answer =
          switch (random.nextInt(4)) {
            case 0 ->
                send(
                    HttpRequest.newBuilder(uri("spaces/" + SpaceId.of(new byte[16])))
                        .header("Authorization", "Bearer " + token)
                        .PUT(publisher));
            case 1 -> send(HttpRequest.newBuilder(uri("health")).method("GET", publisher));
            default -> send(request(RelayFixture.SPACE, token).POST(publisher));
          };
      int status = answer.statusCode();
      assertTrue(status < 500, "status " + status + " in round " + i);
    }
  }

  @Test
  void randomBytesInPlaceOfHttpAreRefusedAndTheRelayGoesOn() throws Exception {
    long seed = 32;
    System.out.println("RelayRouteTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.relay().port())) {
        socket.setSoTimeout(5_000);
        byte[] bytes = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(bytes);
        OutputStream output = socket.getOutputStream();
        output.write(bytes);
        socket.shutdownOutput();
        while (socket.getInputStream().read() >= 0) {
          continue;
        }
      } catch (IOException reset) {
        continue;
      }
    }
  }

  @Test
  void aClientThatFallsSilentWithinItsBodyIsCutOff(@TempDir Path data) throws Exception {
    RelayLimits limits = RelayLimits.ofDefaults().withSilence(java.time.Duration.ofMillis(300));
    try (RelayFixture impatient = new RelayFixture(data, limits);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), impatient.relay().port())) {
      String head =
          "POST /spaces/"
              + RelayFixture.SPACE
              + "/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
              + "Authorization: Bearer "
              + impatient.invitation().token().secretText()
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(20_000);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertTrue(
          new String(answer, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 4"),
          "bytes: " + answer.length);
    }
  }

  private static Relay relay(Path data, SpaceOpening opening, RelayLimits limits) {
    return Relay.builder().port(0).data(data).opening(opening).limits(limits).build().start();
  }

  private List<EnvelopePart> sealed(int count) {
    alice.sealMany(count);
    alice.markOffered(alice.heads().vector().sequence(alice.self()));
    return partsOf(alice);
  }

  private static List<EnvelopePart> partsOf(MemoryExchangeStore store) {
    List<EnvelopePart> parts = new ArrayList<>();
    try (PartCursor cursor =
        store.lacking(
            new EnvelopeLog.Lacking(VersionVector.empty(), store.heads().vector(), 0, List.of()))) {
      for (EnvelopePart part = cursor.next(); part != null; part = cursor.next()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private byte[] body(List<EnvelopePart> parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writer.write(
          new ExchangeRequest(
              alice.self(),
              Optional.empty(),
              0,
              Heads.empty(),
              List.of(),
              List.of(),
              1 << 20,
              100));
      for (EnvelopePart part : parts) {
        writer.write(part);
      }
      writer.write(ExchangeEnd.OF_REQUEST);
    }
    return bytes.toByteArray();
  }

  private HttpResponse<byte[]> exchange(byte[] body) throws Exception {
    return send(
        request(RelayFixture.SPACE, fixture.invitation().token().secretText())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private HttpRequest.Builder request(SpaceId space, String token) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri("spaces/" + space + "/exchange"));
    return token == null ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private URI uri(String path) {
    return URI.create(fixture.relay().url() + "/" + path);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static ExchangeAnswer answerOf(HttpResponse<byte[]> answer) throws IOException {
    return new MessageReader(new ByteArrayInputStream(answer.body())).readAnswer();
  }

  private static ExchangeError errorOf(HttpResponse<byte[]> answer)
      throws MalformedMessageException, IOException {
    return new MessageReader(new ByteArrayInputStream(answer.body())).readError();
  }
}
