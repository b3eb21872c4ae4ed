package dev.godwit.tests.simulation;

/**
 * A fault that is planted in every file of a simulation, as a trigger: what the library writes is
 * not what stays.
 */
interface PlantedFault {
  /** The statement that plants it in a file of this schema. */
  String sql(Family family);
}
