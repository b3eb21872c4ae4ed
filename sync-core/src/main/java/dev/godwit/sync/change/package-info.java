/**
 * What travels and is kept: spaces, envelopes and the sealed transactions in them. Pure: no I/O,
 * clock or randomness.
 */
package dev.godwit.sync.change;
