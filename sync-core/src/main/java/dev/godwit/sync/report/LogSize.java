package dev.godwit.sync.report;

import java.util.OptionalLong;

/**
 * The size of the log.
 *
 * @param transactions held, of all replicas
 * @param sizeBytes their envelopes together; empty unless counted
 */
public record LogSize(long transactions, OptionalLong sizeBytes) {}
