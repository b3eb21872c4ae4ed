package dev.godwit.tests.bench.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A recorded editing session: transactions of patches, each transaction by an agent on top of its
 * parents.
 *
 * <p>The format is that of github.com/josephg/editing-traces; a session without agents is one
 * agent's, each transaction on top of the one before.
 *
 * @param name the file's name without its ending
 * @param concurrent whether several agents took part
 * @param endContent the text at the end
 */
public record EditingTrace(
    String name, boolean concurrent, String endContent, List<Transaction> transactions) {

  private static final String ENDING = ".json.gz";
  private static final int MOST_FOLDERS_DEEP = 4;

  /** Patches made together; the parents are indexes of earlier transactions. */
  public record Transaction(int agent, int[] parents, List<Patch> patches) {}

  /** At a position delete some characters and insert others. */
  public record Patch(int position, int deleteCount, String insert) {}

  public int patchCount() {
    return transactions.stream().mapToInt(transaction -> transaction.patches().size()).sum();
  }

  public int agentCount() {
    return transactions.stream().mapToInt(Transaction::agent).max().orElse(0) + 1;
  }

  /** The files of sessions in a folder and the folders within it, in the order of their paths. */
  public static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(folder, MOST_FOLDERS_DEEP)) {
      return found.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
  }

  public static EditingTrace read(Path file) throws IOException {
    String name = file.getFileName().toString().replace(ENDING, "");
    try (InputStream bytes = new GZIPInputStream(Files.newInputStream(file));
        JsonParser json = new JsonFactory().createParser(bytes)) {
      String end = null;
      boolean concurrent = false;
      List<Transaction> transactions = List.of();
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "endContent" -> end = json.getText();
          case "numAgents" -> concurrent = json.getIntValue() > 1;
          case "txns" -> transactions = transactions(json);
          default -> json.skipChildren();
        }
      }
      return new EditingTrace(name, concurrent, end, transactions);
    }
  }

  private static List<Transaction> transactions(JsonParser json) throws IOException {
    List<Transaction> transactions = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      int agent = 0;
      int[] parents = transactions.isEmpty() ? new int[0] : new int[] {transactions.size() - 1};
      List<Patch> patches = List.of();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "agent" -> agent = json.getIntValue();
          case "parents" -> parents = numbers(json);
          case "patches" -> patches = patches(json);
          default -> json.skipChildren();
        }
      }
      transactions.add(new Transaction(agent, parents, patches));
    }
    return transactions;
  }

  private static int[] numbers(JsonParser json) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(json.getIntValue());
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Patch> patches(JsonParser json) throws IOException {
    List<Patch> patches = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_ARRAY) {
      json.nextToken();
      int position = json.getIntValue();
      json.nextToken();
      int deleteCount = json.getIntValue();
      json.nextToken();
      patches.add(new Patch(position, deleteCount, json.getText()));
      json.nextToken();
    }
    return patches;
  }
}
