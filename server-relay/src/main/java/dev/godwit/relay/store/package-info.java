/** What a relay needs of a store. */
package dev.godwit.relay.store;
