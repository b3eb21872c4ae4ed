/**
 * What can be read about a replica: its status, its log, its conflicts, its health. Records only;
 * their components are stable names, also of the fields that the command prints as JSON.
 */
package dev.godwit.sync.report;
