package dev.godwit.sync.transport;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time and waiting, as an exchange needs them; a simulator brings its own. */
public interface Pace {
  /** The system's. */
  Pace SYSTEM =
      new Pace() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
          TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        }
      };

  /** As {@link System#nanoTime()}: only differences mean something. */
  long nanoTime();

  /** Waits. */
  void pause(Duration duration) throws InterruptedException;
}
