package dev.godwit.cli.credentials;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.SpaceToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How this machine's files reach their relays: one small JSON file for each replica, readable by
 * its owner alone, outside the database and its folder, so that a copy of the database gives
 * nothing away.
 *
 * <pre>
 * {"format": 1, "replica": "…32 hex digits", "space": "…32 hex digits", "relay": "https://…/", "token": "…"}
 * </pre>
 *
 * <p>Named by the replica's id, so that moving the database changes nothing. The folder is {@code
 * $GODWIT_HOME}, else {@code $XDG_CONFIG_HOME/godwit}, else {@code ~/.config/godwit}; on Windows
 * {@code %APPDATA%\godwit}.
 */
public final class Credentials {
  private static final int FORMAT = 1;
  private static final long LENGTH_BYTES_MAX = 16_384;

  private final Path folder;

  public Credentials(Path home) {
    this.folder = home.resolve("replicas");
  }

  /** The folder that this environment asks for. */
  public static Path home(Map<String, String> environment) {
    String own = environment.get("GODWIT_HOME");
    if (own != null && !own.isEmpty()) {
      return Path.of(own);
    }
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    String base = environment.get(windows ? "APPDATA" : "XDG_CONFIG_HOME");
    Path root =
        base != null && !base.isEmpty()
            ? Path.of(base)
            : Path.of(System.getProperty("user.home"), ".config");
    return root.resolve("godwit");
  }

  /** Where the credentials of this replica are, whether there are any or not. */
  public Path path(ReplicaId replica) {
    return folder.resolve(replica + ".json");
  }

  /** The relay and secret of this replica, if it has any. */
  public Optional<Invitation> find(ReplicaId replica) {
    Path path = path(replica);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      if (Files.size(path) > LENGTH_BYTES_MAX) {
        throw new IOException("it has " + Files.size(path) + " bytes");
      }
      Map<String, String> fields = read(Files.readAllBytes(path));
      return Optional.of(
          new Invitation(
              field(fields, "relay"),
              SpaceId.parse(field(fields, "space")),
              SpaceToken.parse(field(fields, "token"))));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(
          ExitCode.NO_ACCESS,
          "cannot read the credentials in " + path + ": " + e.getMessage(),
          "godwit join FILE INVITATION, with an invitation of another device",
          e);
    }
  }

  /** Keeps the relay and secret of this replica, in place of those it had. */
  public void save(ReplicaId replica, Invitation invitation) {
    Path path = path(replica);
    try {
      createOwnerOnly();
      Path written = Files.createTempFile(folder, "writing", ".tmp", ownerOnly("rw-------"));
      Files.write(written, json(replica, invitation));
      Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FILE,
          "cannot keep the credentials in " + path + ": " + e.getMessage(),
          "set GODWIT_HOME to a folder that can be written",
          e);
    }
  }

  /** Forgets them. */
  public void remove(ReplicaId replica) {
    try {
      Files.deleteIfExists(path(replica));
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FILE, "cannot remove " + path(replica) + ": " + e.getMessage(), "by hand", e);
    }
  }

  private void createOwnerOnly() throws IOException {
    Files.createDirectories(folder.getParent(), ownerOnly("rwx------"));
    Files.createDirectories(folder, ownerOnly("rwx------"));
  }

  private FileAttribute<?>[] ownerOnly(String permissions) {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static byte[] json(ReplicaId replica, Invitation invitation) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("replica", replica.toString());
      json.writeStringField("space", invitation.space().toString());
      json.writeStringField("relay", invitation.relay());
      json.writeStringField("token", invitation.token().secretText());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> read(byte[] bytes) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it holds no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.put(name, json.getValueAsString());
        json.skipChildren();
      }
    }
    String format = fields.get("format");
    if (!Integer.toString(FORMAT).equals(format)) {
      throw new IOException("expected format " + FORMAT + " but got " + format);
    }
    return fields;
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("its field '" + name + "' is missing");
    }
    return value;
  }
}
