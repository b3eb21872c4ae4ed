package dev.godwit.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Every compiled class of the project that this module can see, read once for all rules. */
final class ProjectClasses {
  private static final String BASE_PACKAGE = "dev.godwit";

  /** What is shipped: the classes of all modules but none of their tests. */
  static final JavaClasses SHIPPED =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages(BASE_PACKAGE);

  /** What is shipped, and the tests of this module. */
  static final JavaClasses ALL = new ClassFileImporter().importPackages(BASE_PACKAGE);

  private ProjectClasses() {}
}
