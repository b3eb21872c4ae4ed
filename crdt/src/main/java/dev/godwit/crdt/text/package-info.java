/**
 * Text that merges letter by letter: plain operations, the causality of the transactions that carry
 * them, and a replay that builds mergeable structures only for the concurrent parts.
 *
 * <p>Gentle and Kleppmann, "Collaborative Text Editing with Eg-walker: Better, Faster, Smaller"
 * (EuroSys 2025) for the replay; Weidner and Kleppmann, "The Art of the Fugue: Minimizing
 * Interleaving in Collaborative Text Editing" (2023) for the order of concurrent insertions.
 * Positions and counts are Unicode code points everywhere. Nothing here is thread safe unless it
 * says so.
 */
package dev.godwit.crdt.text;
