/**
 * The seam to SQLite: what the engine must offer, and the JDBC driver. The only package that sees
 * {@code java.sql}.
 */
package dev.godwit.sync.sqlite;
