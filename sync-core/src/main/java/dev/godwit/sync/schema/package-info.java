/** What a file's schema and a space's schema say about each other, for those who begin or join. */
package dev.godwit.sync.schema;
