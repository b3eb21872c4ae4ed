package dev.godwit.sync;

import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.sqlite.SqliteSource;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Settings of a replica. Defaults: the system's clock and randomness, a device name of "device", a
 * space of its own.
 */
public final class ReplicaBuilder {
  final SqliteSource source;
  Clock clock = Clock.systemUTC();
  Random random = new java.security.SecureRandom();
  String deviceName = "device";
  SpaceId space;
  List<String> tables = List.of();
  boolean onlyReplicas;
  final Map<String, String> policies = new LinkedHashMap<>();
  final Map<String, Resolver> resolvers = new LinkedHashMap<>();

  ReplicaBuilder(SqliteSource source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  /** The time of writes and the judge of other replicas' clocks. */
  public ReplicaBuilder clock(Clock time) {
    clock = Objects.requireNonNull(time, "clock");
    return this;
  }

  /** The source of ids. Ids must be unique: replace it only where everything is simulated. */
  public ReplicaBuilder random(Random source) {
    random = Objects.requireNonNull(source, "random");
    return this;
  }

  /** How people call this device; used when the file becomes a replica. At most 100 characters. */
  public ReplicaBuilder deviceName(String name) {
    if (name.isEmpty() || name.length() > 100) {
      throw new IllegalArgumentException(
          "expected a device name of 1 to 100 characters but got " + name.length());
    }
    deviceName = name;
    return this;
  }

  /** The space to belong to; used when the file becomes a replica. */
  public ReplicaBuilder space(SpaceId id) {
    space = Objects.requireNonNull(id, "space");
    return this;
  }

  /**
   * Tables to track; they are checked before a file that is no replica becomes one, so that a
   * refusal leaves it as it was.
   */
  public ReplicaBuilder track(String... names) {
    tables = List.of(names);
    return this;
  }

  /** Refuses a file that is no replica, with a {@link NotAReplicaException}. */
  public ReplicaBuilder onlyReplicas() {
    onlyReplicas = true;
    return this;
  }

  /**
   * Declares what concurrent writes to a column come to. It becomes the policy of the space unless
   * the space has one for the column already; if that is another one, it holds, and {@link
   * Replica#policyDifferences} and every sync say so. It is declared before the tables of {@link
   * #track} are, so that rows which are there already refer where a column is declared a reference.
   *
   * @param column "table.column"
   */
  public ReplicaBuilder policy(String column, ColumnPolicy policy) {
    policies.put(Replica.requireColumn(column), policy.toString());
    return this;
  }

  /** Declares what comes of rows deleted here and edited there; as for columns. */
  public ReplicaBuilder policy(String table, ExistencePolicy policy) {
    policies.put(table + ".", policy.toString());
    return this;
  }

  /** The code behind columns with the policy {@link ColumnPolicy#custom} of this name. */
  public ReplicaBuilder resolver(String name, Resolver resolver) {
    resolvers.put(name, Objects.requireNonNull(resolver, "resolver"));
    return this;
  }

  /**
   * Opens the file.
   *
   * @throws NotAReplicaException when it is none and {@link #onlyReplicas} was called
   * @throws IllegalArgumentException when a table cannot be tracked, with the reason
   * @throws dev.godwit.sync.sqlite.SqliteException when the file cannot be opened or written
   */
  public Replica open() {
    return new Replica(this);
  }
}
