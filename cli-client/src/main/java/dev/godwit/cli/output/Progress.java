package dev.godwit.cli.output;

import dev.godwit.sync.transport.ExchangeProgress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * One line on a terminal that says what goes on, once it has taken longer than a second; nothing
 * anywhere else. Thread safe.
 */
public final class Progress {
  private static final long SILENT_MILLIS = 1_000;
  private static final long STEP_MILLIS = 250;
  private static final int WIDTH_CHARACTERS = 79;

  private final PrintWriter terminal;
  private final long startNanos = System.nanoTime();
  private volatile String text;
  private volatile boolean closed;
  private boolean shown;

  private Progress(PrintWriter terminal, String text) {
    this.terminal = terminal;
    this.text = text;
  }

  /** Begins a line; {@code isTerminal} says whether somebody can see it. */
  public static Progress begin(PrintWriter log, boolean isTerminal, String text) {
    Progress progress = new Progress(log, text);
    if (isTerminal) {
      Thread ticker = new Thread(progress::run, "godwit-progress");
      ticker.setDaemon(true);
      ticker.start();
    }
    return progress;
  }

  /** Says something else from now on. */
  public void say(String now) {
    text = now;
  }

  /** Says how far an exchange is. */
  public ExchangeProgress ofExchange() {
    return state -> {
      StringBuilder line = new StringBuilder();
      append(line, "sending", state.envelopesSent(), state.envelopesToSend(), state.bytesSent());
      append(
          line,
          "receiving",
          state.envelopesReceived(),
          state.envelopesToReceive(),
          state.bytesReceived());
      if (line.length() > 0) {
        say(line.toString());
      }
    };
  }

  private static void append(StringBuilder line, String verb, long done, long left, long bytes) {
    if (done + left > 0) {
      line.append(line.length() == 0 ? "" : "; ")
          .append(verb)
          .append(' ')
          .append(done)
          .append(" of ")
          .append(done + left)
          .append(" transactions, ")
          .append(size(bytes));
    }
  }

  /** A number of bytes for people. */
  public static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private void run() {
    try {
      Thread.sleep(SILENT_MILLIS);
      while (!closed) {
        show();
        Thread.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    if (closed) {
      return;
    }
    String line = text + " (" + (System.nanoTime() - startNanos) / 1_000_000_000L + " s)";
    terminal.print("\r" + pad(line));
    terminal.flush();
    shown = true;
  }

  private static String pad(String line) {
    String cut = line.length() > WIDTH_CHARACTERS ? line.substring(0, WIDTH_CHARACTERS) : line;
    return cut + " ".repeat(WIDTH_CHARACTERS - cut.length());
  }

  /** Clears the line. */
  public synchronized void close() {
    closed = true;
    if (shown) {
      terminal.print("\r" + " ".repeat(WIDTH_CHARACTERS) + "\r");
      terminal.flush();
      shown = false;
    }
  }
}
