/**
 * The exchange between a replica and a remote: its messages, limits and the two sides of the
 * conversation. Pure: no socket, file, clock or randomness. The contract stands in {@code
 * PROTOCOL.md} at the root of the sources.
 */
package dev.godwit.sync.protocol;
