/**
 * Whole devices under a simulated clock and network: random schedules from printed seeds, compared
 * with the oracle after every exchange, and shrunk to a readable scenario when one fails.
 */
package dev.godwit.tests.simulation;
