package dev.godwit.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Work that is left belongs in an issue: the words programmers leave for themselves fail the build,
 * in sources, scripts and documents alike.
 */
class LeftoverReminderTest {
  /** Put together from pieces, so that this file does not hold the words it looks for. */
  private static final Pattern REMINDER =
      Pattern.compile("\\b(" + String.join("|", "TO" + "DO", "FIX" + "ME", "X" + "XX") + ")\\b");

  private static final Set<String> EXTENSIONS =
      Set.of("java", "md", "xml", "sql", "sh", "bat", "html", "css", "js", "yml", "properties");

  private static final Set<String> SKIPPED_FOLDERS = Set.of("target", ".git", ".idea", ".vscode");

  @Test
  void noSourceOrDocumentHoldsAReminder() throws IOException {
    List<String> reminders = new ArrayList<>();
    for (Path file : sourcesAndDocuments()) {
      reminders.addAll(remindersIn(file));
    }
    assertEquals(List.of(), reminders, "finish the work or describe it in an issue");
  }

  @Test
  void searchCoversSourcesScriptsAndDocuments() throws IOException {
    List<Path> found = sourcesAndDocuments();
    for (String expected : List.of("pom.xml", "CONTRIBUTING.md", ".ci/run")) {
      assertTrue(found.contains(root().resolve(expected)), expected + " was not searched");
    }
  }

  private static Path root() {
    return Path.of(System.getProperty("godwit.root")).toAbsolutePath().normalize();
  }

  private static List<Path> sourcesAndDocuments() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && isSourceOrDocument(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** By extension; scripts have none. */
  private static boolean isSourceOrDocument(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 || EXTENSIONS.contains(name.substring(dot + 1));
  }

  private static List<String> remindersIn(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException binary) {
      return List.of();
    }
    List<String> reminders = new ArrayList<>();
    for (int index = 0; index < lines.size(); index++) {
      if (REMINDER.matcher(lines.get(index)).find()) {
        reminders.add(root().relativize(file) + ":" + (index + 1) + ": " + lines.get(index).trim());
      }
    }
    return reminders;
  }
}
