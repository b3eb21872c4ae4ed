/** What travels and is kept: values, lives, keys, row changes, transactions, envelopes. Pure values. */
package dev.godwit.sync.change;
