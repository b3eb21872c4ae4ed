/** One contract, run against every implementation or every version it must hold for. */
package dev.godwit.tests.contract;
