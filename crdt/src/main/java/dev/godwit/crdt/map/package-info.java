/** Maps that converge, with values that converge. */
package dev.godwit.crdt.map;
