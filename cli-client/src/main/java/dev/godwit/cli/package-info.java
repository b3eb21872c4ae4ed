/** The {@code godwit} command: its entry. */
package dev.godwit.cli;
