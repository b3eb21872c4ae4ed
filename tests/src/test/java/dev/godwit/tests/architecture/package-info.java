/**
 * Rules about the source itself: who may import whom, what names may be, what may not be left
 * behind.
 */
package dev.godwit.tests.architecture;
