/**
 * What the causal types share: values under the dots of the writes that made them, and one vector
 * of the dots seen.
 *
 * <p>Almeida, Shoker and Baquero, "Delta State Replicated Data Types" (2018): a dot that the vector
 * covers and the store lacks was removed, so that removals leave no tombstone. Stores nest, under
 * one vector for all.
 */
package dev.godwit.crdt.dots;
