/**
 * The merge once more, slow and obvious: keeps every transaction and recomputes everything. Shares
 * no code with the library beyond its value types.
 */
package dev.godwit.tests.oracle;
