package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;

/**
 * A policy that the user wrote, for a table or one of its columns.
 *
 * @param target the table, or table.column
 * @param existence a table's policy, null for a column's
 * @param column a column's policy, null for a table's
 */
record PolicyChoice(String target, ExistencePolicy existence, ColumnPolicy column) {
  private static final String TRY =
      "TABLE.COLUMN=manual, or TABLE=delete-wins; POLICIES.md explains all of them";

  static PolicyChoice of(String target, String policy) {
    try {
      for (ExistencePolicy one : ExistencePolicy.values()) {
        if (one.toString().equals(policy)) {
          return new PolicyChoice(target, one, null);
        }
      }
      return new PolicyChoice(target, null, ColumnPolicy.parse(policy));
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, Failures.message(wrong), TRY, wrong);
    }
  }

  /** Of "TARGET=POLICY". */
  static PolicyChoice of(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new Failure(ExitCode.USAGE, "expected TABLE.COLUMN=POLICY but got " + text, TRY, null);
    }
    return of(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Declares a reference before rows come in, so that they refer from the beginning. */
  void beforeRows(ReplicaBuilder builder) {
    if (column != null && column.reference() != null) {
      builder.policy(target, column);
    }
  }

  /**
   * Changes it for the space.
   *
   * @throws IllegalArgumentException when the table or column is not there or cannot have it
   */
  void apply(Replica replica) {
    if (existence != null) {
      replica.policy(target, existence);
    } else {
      replica.policy(target, column);
    }
  }
}
