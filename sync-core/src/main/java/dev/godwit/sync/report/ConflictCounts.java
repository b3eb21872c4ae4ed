package dev.godwit.sync.report;

/**
 * How many conflicts there are.
 *
 * @param open those that wait for somebody to settle them
 * @param closed those that a policy or a person has settled, kept as history
 */
public record ConflictCounts(long open, long closed) {}
