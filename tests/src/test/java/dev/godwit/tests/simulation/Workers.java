package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does one thing on several threads at once: as many as there are processors, four at most. */
final class Workers {
  static final int COUNT = Math.min(4, Runtime.getRuntime().availableProcessors());

  private Workers() {}

  /** What each of them does. */
  interface Work {
    void run(int number) throws Exception;
  }

  /**
   * Waits for all of them.
   *
   * @param work by the thread's number, from 0
   * @throws AssertionError when one has failed; the others are interrupted
   */
  static void run(Work work) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(COUNT);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  work.run(number);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause().getMessage(), failed);
    } finally {
      // The other threads end too, before their files go.
      threads.shutdownNow();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
  }
}
