/** The bytes of every mergeable type, kept as they are: a change here is a new format. */
package dev.godwit.crdt.golden;
