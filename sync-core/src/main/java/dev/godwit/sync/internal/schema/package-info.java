/** What a file declares, read through pragmas; nothing here writes. */
package dev.godwit.sync.internal.schema;
