/** What a relay allows. */
package dev.godwit.relay.limit;
