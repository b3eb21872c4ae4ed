package dev.godwit.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Which package may see which. A rule about a package that does not exist yet holds. */
class PackageDirectionTest {
  private static final String[] PURE = {
    "dev.godwit.crdt..",
    "dev.godwit.sync.change..",
    "dev.godwit.sync.policy..",
    "dev.godwit.sync.protocol.."
  };

  @Test
  void rulesSeeTheClassesOfTheProject() {
    assertTrue(
        ProjectClasses.SHIPPED.stream()
            .anyMatch(shipped -> shipped.getPackageName().startsWith("dev.godwit.crdt.")),
        "no class of crdt is on the class path, so no rule would find anything");
  }

  @Test
  void crdtDependsOnTheJdkAlone() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.godwit.crdt..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.godwit.crdt..", "java.."));
  }

  @Test
  void purePackagesSeeNoSqlNetworkFileRandomnessOrThread() {
    check(noClasses().that().resideInAnyPackage(PURE).should().dependOnClassesThat(Impure.TYPES));
  }

  @Test
  void purePackagesReadNoClockRandomnessOrEnvironment() {
    check(noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(Impure.ACCESSES));
  }

  @Test
  void purePackagesSeeNothingInternal() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.godwit.sync.internal.."));
  }

  @Test
  void onlyTheSqlitePackageOfTheLibrarySeesJdbc() {
    check(
        noClasses()
            .that(
                resideInAPackage("dev.godwit.sync..")
                    .and(resideOutsideOfPackages("dev.godwit.sync.sqlite..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite.."));
  }

  @Test
  void onlyTheTransportPackageOfTheLibrarySeesOkhttp() {
    check(
        noClasses()
            .that(
                resideInAPackage("dev.godwit.sync..")
                    .and(resideOutsideOfPackages("dev.godwit.sync.transport..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "okio.."));
  }

  @Test
  void relaySeesOfTheLibraryOnlyChangeProtocolAndWire() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.godwit.relay..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.godwit.sync..")
                    .and(
                        resideOutsideOfPackages(
                            "dev.godwit.sync.change..",
                            "dev.godwit.sync.protocol..",
                            "dev.godwit.sync.wire.."))));
  }

  @Test
  void commandLineSeesNothingInternal() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.godwit.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.godwit.sync.internal.."));
  }

  @Test
  void libraryAndCrdtSeeNeitherRelayNorCommandLine() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("dev.godwit.crdt..", "dev.godwit.sync..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.godwit.relay..", "dev.godwit.cli.."));
  }

  @Test
  void relayRoutesSeeNoConcreteStore() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.godwit.relay.http..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "dev.godwit.relay.store.sqlite..", "dev.godwit.relay.store.postgres..")));
  }

  @Test
  void packagesDependOnEachOtherWithoutCycles() {
    check(
        SlicesRuleDefinition.slices()
            .assignedFrom(new EachPackage())
            .should()
            .beFreeOfCycles()
            .as("packages should depend on each other without cycles"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ProjectClasses.SHIPPED);
  }

  /** Every package is a slice of its own; what is not of this project is in none. */
  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String name = javaClass.getPackageName();
      return name.startsWith("dev.godwit.") ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }
}
