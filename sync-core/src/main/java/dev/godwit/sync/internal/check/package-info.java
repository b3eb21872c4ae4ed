/**
 * Conditions of a schema as merging sees them: CHECK constraints, NOT NULL, and whatever else is
 * written as an SQL expression, read from the text of CREATE statements and judged by code of our
 * own, alike on every device and engine. Pure.
 */
package dev.godwit.sync.internal.check;
