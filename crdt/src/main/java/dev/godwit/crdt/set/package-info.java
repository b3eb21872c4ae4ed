/** Sets that converge. */
package dev.godwit.crdt.set;
