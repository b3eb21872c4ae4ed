/**
 * Carriers of the exchange and its driver: HTTP, in-process; time limits, retries, progress,
 * cancellation.
 */
package dev.godwit.sync.transport;
