/**
 * Looks into a replica without changing it: status, log, conflicts, and the check of tables, state
 * and log against each other.
 */
package dev.godwit.sync.internal.inspect;
