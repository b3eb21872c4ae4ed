/** The relay's default store: one SQLite file. */
package dev.godwit.relay.store.sqlite;
