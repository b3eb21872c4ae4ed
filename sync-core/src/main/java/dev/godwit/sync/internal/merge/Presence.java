package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;

/**
 * One write to the existence of a life: present by an insert or an ordinary update, absent by a
 * delete.
 *
 * @param dot whose transaction
 * @param time when
 * @param present which of both
 * @param derived whether a whole-table comparison or migration made it, which never revives a row
 */
public record Presence(Dot dot, HybridTimestamp time, boolean present, boolean derived) {}
