package dev.godwit.sync.report;

import java.util.OptionalLong;

/**
 * One table of the application.
 *
 * @param name as the file declares it
 * @param tracked whether it is synced
 * @param reason why it is not tracked and what to do, null when it is or when it only was not
 *     chosen
 * @param rows how many it has; empty unless counted
 * @param rowsWithoutKey rows whose key holds NULL, which are not synced until they have a key;
 *     empty unless counted
 */
public record TableStatus(
    String name, boolean tracked, String reason, OptionalLong rows, OptionalLong rowsWithoutKey) {}
