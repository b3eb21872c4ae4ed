/** The relay: stores and forwards sealed transactions. */
package dev.godwit.relay;
