/** Laws that every mergeable type keeps, checked on random states against naive twins. */
package dev.godwit.crdt.law;
