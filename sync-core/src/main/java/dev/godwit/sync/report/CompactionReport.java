package dev.godwit.sync.report;

import dev.godwit.crdt.causality.VersionVector;

/**
 * What one {@link dev.godwit.sync.Replica#compact} did.
 *
 * @param stable what everybody whom the file knows has seen: only below it something is forgotten
 * @param texts texts of {@code merge: text} columns whose edits the file remembers, or did
 * @param textsCompacted those of them that remember less now
 * @param editsForgotten transactions of which they remember only where in the log they are
 * @param textsKept texts of which nothing was forgotten because the log does not give back what
 *     would be; nothing is lost by that
 * @param bytesBefore what the states of the rows that were rewritten took
 * @param bytesAfter what they take now
 */
public record CompactionReport(
    VersionVector stable,
    long texts,
    long textsCompacted,
    long editsForgotten,
    long textsKept,
    long bytesBefore,
    long bytesAfter) {}
