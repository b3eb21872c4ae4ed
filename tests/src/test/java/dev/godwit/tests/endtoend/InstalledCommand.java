package dev.godwit.tests.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder with a {@code godwit} in it that runs what this build has made.
 *
 * <p>After {@code package} it is a link to the launcher itself. In a build that stops at {@code
 * test} there are no jars yet, so it is a script that runs the same main class from the class path.
 */
final class InstalledCommand {
  private static final Path ROOT = Path.of(System.getProperty("godwit.root"));

  private InstalledCommand() {}

  /** Whether the launcher itself is run. */
  static boolean isPackaged() {
    return System.getProperty("java.class.path").contains("godwit-cli-client-");
  }

  /** The launcher of this checkout. */
  static Path launcher() {
    return ROOT.resolve("cli-client/bin/godwit");
  }

  /** Makes the folder. */
  static Path in(Path folder) {
    Path bin = folder.resolve("bin");
    Path godwit = bin.resolve("godwit");
    try {
      Files.createDirectories(bin);
      if (isPackaged()) {
        Files.createSymbolicLink(godwit, launcher());
      } else {
        Files.write(godwit, script());
        Files.setPosixFilePermissions(
            godwit, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bin;
  }

  private static List<String> script() {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    return List.of(
        "#!/bin/sh",
        "exec '"
            + java
            + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' dev.godwit.cli.Godwit \"$@\"");
  }
}
