/** Who may use a space, and who may open one. */
package dev.godwit.relay.access;
