package dev.godwit.tests.bench.sync;

import java.util.Random;
import java.util.UUID;

/** The rows that the benchmark writes: about 200 bytes each, random keys. */
final class Events {
  static final String SCHEMA =
      "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title, starts_at, ends_at, location, notes,"
          + " updated_by)";
  static final String INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)";

  private static final String[] WORDS = {
    "dentist",
    "review",
    "planning",
    "school",
    "concert",
    "lunch",
    "travel",
    "birthday",
    "garden",
    "budget",
    "release",
    "doctor",
    "market",
    "choir",
    "training",
    "meeting"
  };

  private final Object[][] rows;

  private Events(Object[][] rows) {
    this.rows = rows;
  }

  static Events random(int count, long seed) {
    Random random = new Random(seed);
    Object[][] rows = new Object[count][];
    for (int i = 0; i < count; i++) {
      long start = 1_700_000_000_000L + random.nextInt(100_000) * 900_000L;
      rows[i] =
          new Object[] {
            new UUID(random.nextLong(), random.nextLong()).toString(),
            words(random, 3),
            start,
            start + 3_600_000,
            words(random, 2),
            words(random, 12),
            "device-" + random.nextInt(4)
          };
    }
    return new Events(rows);
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  int count() {
    return rows.length;
  }

  Object[] row(int index) {
    return rows[index];
  }

  Object id(int index) {
    return rows[index][0];
  }
}
