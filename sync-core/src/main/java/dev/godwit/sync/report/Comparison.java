package dev.godwit.sync.report;

/**
 * Two replicas side by side.
 *
 * @param here what the doctor found in the one
 * @param there what it found in the other
 * @param sameVectors whether both have applied the same transactions; where not, differences are to
 *     be expected until they have met
 * @param difference the first difference of tables or rows, in the order of table names; null when
 *     there is none
 */
public record Comparison(
    DoctorReport here, DoctorReport there, boolean sameVectors, Difference difference) {
  /** Whether both hold the same and show the same. */
  public boolean isSame() {
    return sameVectors && difference == null;
  }
}
