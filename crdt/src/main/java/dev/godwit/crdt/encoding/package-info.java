/**
 * The bytes of the mergeable types: one way to write each value, and readers that refuse every
 * other.
 *
 * <p>Integers are unsigned LEB128 of the least length; signed ones are zigzagged first; texts are
 * UTF-8 and byte strings are bytes, both after their length; a replica id is its 16 bytes; maps and
 * sets are in ascending order without duplicates. Equal values therefore have equal bytes.
 */
package dev.godwit.crdt.encoding;
