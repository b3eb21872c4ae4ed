/** Where this machine keeps how to reach the relays of its files. */
package dev.godwit.cli.credentials;
