/**
 * What a user is told when something cannot be done, and the exit code that says so to a program.
 */
package dev.godwit.cli.failure;
