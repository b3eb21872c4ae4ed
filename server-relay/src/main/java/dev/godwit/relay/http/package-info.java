/** The relay's routes. */
package dev.godwit.relay.http;
