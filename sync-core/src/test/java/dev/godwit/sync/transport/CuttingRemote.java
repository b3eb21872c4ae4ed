package dev.godwit.sync.transport;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.AnswerSink;
import dev.godwit.sync.protocol.Answering;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.MessageWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A remote whose turns travel as real bytes, in memory, over a line that breaks after so many:
 * within the request, so that the other side sees half of it, or within the answer, after the other
 * side has done its work. Each break happens once.
 */
final class CuttingRemote implements Remote {
  private final RemoteId id;
  private final SpaceId space;
  private Answering answering;
  private long leftBytes = Long.MAX_VALUE;
  private long passedBytes;
  private int breaks;

  CuttingRemote(RemoteId id, SpaceId space, Answering answering) {
    this.id = id;
    this.space = space;
    this.answering = answering;
  }

  void breakAfter(long bytes) {
    leftBytes = bytes;
  }

  void leadTo(Answering another) {
    answering = another;
  }

  long passedBytes() {
    return passedBytes;
  }

  int breaks() {
    return breaks;
  }

  @Override
  public RemoteId id() {
    return id;
  }

  @Override
  public SpaceId space() {
    return space;
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    try {
      byte[] answer = answer(request(turn));
      deliver(passed(answer), turn.sink());
    } catch (IOException broken) {
      throw new ExchangeException.Unreachable("the line broke: " + broken.getMessage(), broken);
    }
  }

  private static byte[] request(Turn turn) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writer.write(turn.request());
      for (EnvelopePart part = turn.parts().next(); part != null; part = turn.parts().next()) {
        writer.write(part);
      }
      writer.write(ExchangeEnd.OF_REQUEST);
    }
    return bytes.toByteArray();
  }

  private byte[] answer(byte[] request) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageReader reader = new MessageReader(passed(request));
        MessageWriter writer = new MessageWriter(bytes)) {
      answering.answer(
          reader.readRequest(),
          reader,
          new AnswerSink() {
            @Override
            public void message(ExchangeAnswer answer) throws IOException {
              writer.write(answer);
            }

            @Override
            public void part(EnvelopePart part) throws IOException {
              writer.write(part);
            }

            @Override
            public void end(ExchangeEnd end) throws IOException {
              writer.write(end);
            }
          });
    }
    return bytes.toByteArray();
  }

  private static void deliver(InputStream bytes, AnswerSink sink) throws IOException {
    try (MessageReader reader = new MessageReader(bytes)) {
      sink.message(reader.readAnswer());
      for (EnvelopePart part = reader.next(); part != null; part = reader.next()) {
        sink.part(part);
      }
      sink.end(reader.end());
    }
  }

  /**
   * What arrives of these bytes: all, or those before the break, and then the failure of a broken
   * line.
   */
  private InputStream passed(byte[] bytes) {
    if (bytes.length <= leftBytes) {
      leftBytes -= leftBytes == Long.MAX_VALUE ? 0 : bytes.length;
      passedBytes += bytes.length;
      return new ByteArrayInputStream(bytes);
    }
    int arriving = (int) leftBytes;
    leftBytes = Long.MAX_VALUE;
    passedBytes += arriving;
    breaks++;
    ByteArrayInputStream half = new ByteArrayInputStream(bytes, 0, arriving);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        int single = half.read();
        if (single < 0) {
          throw new IOException("connection reset");
        }
        return single;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = half.read(target, offset, length);
        if (read < 0) {
          throw new IOException("connection reset");
        }
        return read;
      }
    };
  }
}
