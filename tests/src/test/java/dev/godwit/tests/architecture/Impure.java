package dev.godwit.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a pure package may not touch, because its answer would depend on more than its arguments.
 */
final class Impure {
  /** Types that reach a database, a socket, a file, chance or a thread. {@link URI} only parses. */
  static final DescribedPredicate<JavaClass> TYPES =
      resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.sqlite..",
              "android..",
              "java.net..",
              "javax.net..",
              "okhttp3..",
              "io.javalin..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.util.random..")
          .and(DescribedPredicate.not(type(URI.class).or(type(URISyntaxException.class))))
          .or(type(File.class))
          .or(type(FileInputStream.class))
          .or(type(FileOutputStream.class))
          .or(type(FileReader.class))
          .or(type(FileWriter.class))
          .or(type(RandomAccessFile.class))
          .or(type(Random.class))
          .or(type(SecureRandom.class))
          .or(type(SplittableRandom.class))
          .or(type(ThreadLocalRandom.class))
          .or(type(Thread.class))
          .or(type(Timer.class))
          .as("SQL, network, files, randomness or threads");

  private static final Set<String> METHODS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.util.UUID.randomUUID",
          "java.util.Calendar.getInstance");

  /** Calls, and method references, that read the clock, chance or the machine's settings. */
  static final DescribedPredicate<JavaAccess<?>> ACCESSES =
      describe(
          "the clock, randomness or the environment",
          access -> readsMachine(access.getTarget()) || isUnseeded(access.getTarget()));

  private Impure() {}

  private static boolean readsMachine(AccessTarget target) {
    String owner = target.getOwner().getFullName();
    String method = owner + "." + target.getName();
    return METHODS.contains(method)
        || owner.startsWith("java.time.") && target.getName().equals("now")
        || method.startsWith("java.time.Clock.system")
        || method.startsWith("java.time.Clock.tick");
  }

  /** The overloads that take no seed: {@code new Date()} and {@code Collections.shuffle(list)}. */
  private static boolean isUnseeded(AccessTarget target) {
    String signature = target.getFullName();
    return signature.equals("java.util.Date.<init>()")
        || signature.equals("java.util.Collections.shuffle(java.util.List)");
  }
}
