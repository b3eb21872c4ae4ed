/** Counters that converge. */
package dev.godwit.crdt.counter;
