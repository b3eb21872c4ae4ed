package dev.godwit.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the release that the build makes. */
class LauncherTest {
  @TempDir Path folder;
  private Machine machine;

  @BeforeEach
  void requirePackages() {
    assumeTrue(
        InstalledCommand.isPackaged(), "skipped: nothing is packaged before the package phase");
    machine = new Machine(folder.resolve("with space"), folder);
  }

  @Test
  void runsFromAnyFolderThroughLinksToLinks() throws IOException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), InstalledCommand.launcher());
    Files.createSymbolicLink(folder.resolve("second"), folder.relativize(first));
    Machine.Said said = machine.sh("'" + folder.resolve("second") + "' --version").done();
    assertTrue(said.out().startsWith("godwit "), said.out());
    assertEquals("", said.log());
  }

  @Test
  void passesArgumentsAndExitCodesThrough() {
    Machine.Said said = machine.sh(InstalledCommand.launcher() + " status 'no such file.db'");
    assertEquals(3, said.exitCode());
    assertTrue(said.log().contains("there is no file no such file.db"), said.log());
  }

  @Test
  void theReleaseHoldsLaunchersJarsAndWhatAUserShouldRead() throws IOException {
    Path zip = InstalledCommand.launcher().resolve("../../target/godwit.zip").normalize();
    try (ZipFile release = new ZipFile(zip.toFile())) {
      List<String> names = release.stream().map(entry -> entry.getName()).toList();
      for (String wanted :
          List.of("/bin/godwit", "/bin/godwit.cmd", "/README.md", "/COMMAND.md", "/LICENSE")) {
        assertTrue(names.stream().anyMatch(name -> name.endsWith(wanted)), wanted + " in " + names);
      }
      assertTrue(names.stream().anyMatch(name -> name.contains("/lib/godwit-cli-client-")));
      assertTrue(
          names.stream().noneMatch(name -> name.endsWith(".jsa")), "no archive of this machine");
    }
  }
}
