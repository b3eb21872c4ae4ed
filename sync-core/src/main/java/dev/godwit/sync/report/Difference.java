package dev.godwit.sync.report;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;

/**
 * Where two replicas differ.
 *
 * @param table the table's name in the space
 * @param life the row's identity, null when the whole table is meant
 * @param key the row's key, as SQL writes it; null when the whole table is meant or no side shows
 *     the row
 * @param column the column, null when the whole row or table is meant
 * @param here what the one shows, null when it does not show the row
 * @param there what the other shows, null when it does not show the row
 * @param text all of it in one line for people
 */
public record Difference(
    String table, LifeId life, String key, String column, Value here, Value there, String text) {}
