package dev.godwit.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.junit.jupiter.api.Test;

/** What a class may be called. */
class NamesTest {
  @Test
  void classesAreNamedForWhatTheyAre() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Utils?|Helpers?|Impl)(\\$.*)?")
        .because("such a name says that something is done, not what the thing is")
        .check(ProjectClasses.ALL);
  }
}
