package dev.godwit.tests.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.sqlite.util.OSInfo;

/**
 * The SQLite engine a test tagged {@value #TAG} runs on: the build starts such tests once per
 * driver version, each with that driver alone on the class path, and names the engine it must bring
 * in the system property {@value #VERSION_PROPERTY}.
 *
 * <p>Old drivers carry no engine for some newer processors (3.18 knows no Apple silicon). There the
 * test is reported as skipped, with the reason; on Linux x86-64 every version has one.
 */
final class OldSqlite {
  static final String TAG = "old-sqlite";
  static final String VERSION_PROPERTY = "godwit.sqlite.version";

  private OldSqlite() {}

  /** The engine version this JVM must run on, such as {@code 3.18.0}. */
  static String expectedVersion() {
    String version = System.getProperty(VERSION_PROPERTY);
    if (version == null) {
      throw new IllegalStateException(
          "expected the system property "
              + VERSION_PROPERTY
              + " but it is not set: tests tagged "
              + TAG
              + " run in the build only. try: mvn -B verify");
    }
    return version;
  }

  /**
   * A connection to the file, or a skipped test where the driver has no engine for this platform.
   */
  static Connection open(Path file) throws SQLException {
    String platform = OSInfo.getNativeLibFolderPathForCurrentOS();
    assumeTrue(
        hasEngineFor(platform),
        () -> "sqlite-jdbc with SQLite " + expectedVersion() + " has no engine for " + platform);
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static boolean hasEngineFor(String platform) {
    if (platform.equals("Linux/x86_64")) {
      return true;
    }
    String folder = "/org/sqlite/native/" + platform + "/";
    return isInDriver(folder + System.mapLibraryName("sqlitejdbc"))
        || isInDriver(folder + "libsqlitejdbc.jnilib");
  }

  private static boolean isInDriver(String resource) {
    return OSInfo.class.getResource(resource) != null;
  }
}
