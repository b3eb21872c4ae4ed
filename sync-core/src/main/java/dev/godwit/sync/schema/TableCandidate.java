package dev.godwit.sync.schema;

import java.util.Optional;

/**
 * One ordinary table of an application's file, and whether it can be tracked.
 *
 * @param name as declared
 * @param obstacle why it cannot be tracked and what to do about it; empty when it can
 */
public record TableCandidate(String name, Optional<String> obstacle) {}
