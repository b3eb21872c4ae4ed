/**
 * What capturing, packing, sending and applying cost, as ratios against plain SQLite in the same
 * run.
 */
package dev.godwit.tests.bench.sync;
