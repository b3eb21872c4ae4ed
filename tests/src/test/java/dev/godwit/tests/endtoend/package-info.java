/** Real processes: the real command, the stock {@code sqlite3} shell, relays that are killed. */
package dev.godwit.tests.endtoend;
