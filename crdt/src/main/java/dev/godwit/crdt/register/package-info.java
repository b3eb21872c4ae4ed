/** Registers that converge: one value by time, or all that were written concurrently. */
package dev.godwit.crdt.register;
