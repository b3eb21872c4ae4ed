/**
 * How fast and how small the text type is on recorded editing sessions, beside others on the same
 * machine in the same run.
 *
 * <p>Run by {@code mvn -q -B -pl tests -am -Ptext-benchmark test-compile}; {@link
 * dev.godwit.tests.bench.text.TextBenchmark} says what can be set.
 */
package dev.godwit.tests.bench.text;
