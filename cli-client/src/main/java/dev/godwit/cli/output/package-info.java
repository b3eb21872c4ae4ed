/** What is shown: tables, progress, JSON. */
package dev.godwit.cli.output;
