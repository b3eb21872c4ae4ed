/** What several verbs do with a file and its relay. */
package dev.godwit.cli.session;
