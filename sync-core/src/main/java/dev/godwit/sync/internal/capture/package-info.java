/**
 * What was written locally: tracked tables, their triggers, the notes they make, and what these
 * amount to.
 */
package dev.godwit.sync.internal.capture;
