package dev.godwit.sync.internal.schema;

import java.util.List;

/**
 * A declared reference.
 *
 * @param columns the referring columns
 * @param parentTable the table referred to, as written
 * @param parentColumns the columns referred to; empty when the declaration leaves them to the
 *     parent's primary key
 * @param onDelete the action, as SQLite names it
 * @param onUpdate the action, as SQLite names it
 */
public record ForeignKey(
    List<String> columns,
    String parentTable,
    List<String> parentColumns,
    String onDelete,
    String onUpdate) {}
