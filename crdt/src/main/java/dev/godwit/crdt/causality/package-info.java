/**
 * Causality: who has seen what, and when a write was made. Pure values; no clock, no randomness, no
 * I/O.
 */
package dev.godwit.crdt.causality;
