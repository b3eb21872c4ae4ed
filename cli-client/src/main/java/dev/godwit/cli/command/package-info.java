/** One class for each verb. */
package dev.godwit.cli.command;
