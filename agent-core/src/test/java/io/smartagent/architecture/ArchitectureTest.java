package io.smartagent.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.smartagent.config.HiddenDirectories;
import io.smartagent.config.Numbers;
import io.smartagent.config.UserSpec;
import io.smartagent.host.HostFiles;
import io.smartagent.host.HostRoot;
import io.smartagent.host.MinimalReader;
import io.smartagent.host.ShownTree;
import io.smartagent.json.JsonStart;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.probe.Ability;
import java.util.Date;
import java.util.Random;

/**
 * Which package may depend on which: cli knows launch, launch knows plan, plan knows probe, probe
 * the kernel.
 */
@AnalyzeClasses(packages = "io.smartagent", importOptions = ArchitectureTest.ProductOnly.class)
final class ArchitectureTest {

  private static final String[] PATH_TO_EXEC = {
    "io.smartagent.cli..",
    "io.smartagent.planning..",
    "io.smartagent.launch..",
    "io.smartagent.plan..",
    "io.smartagent.probe..",
    "io.smartagent.host..",
    "io.smartagent.config.."
  };

  /** Leaves tests out, also those that another module brings along in a jar. */
  static final class ProductOnly implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule NOTHING_KNOWS_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.smartagent.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.smartagent.cli..");

  @ArchTest
  static final ArchRule LAUNCH_IS_KNOWN_BY_WHAT_STARTS_OR_READS_IT_ONLY =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.smartagent.plan..",
              "io.smartagent.probe..",
              "io.smartagent.host..",
              "io.smartagent.config..",
              "io.smartagent.module..",
              "io.smartagent.modules..",
              "io.smartagent.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.smartagent.launch..", "io.smartagent.agent..");

  @ArchTest
  static final ArchRule PROBE_KNOWS_ONLY_THE_KERNEL =
      classes()
          .that()
          .resideInAPackage("io.smartagent.probe..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.smartagent.probe..",
              "io.smartagent.kernel..",
              "java.lang..",
              "java.nio.charset..",
              "java.util..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule HOST_KNOWS_ONLY_THE_KERNEL_AND_HOW_FILES_ARE_WRITTEN =
      noClasses()
          .that()
          .resideInAPackage("io.smartagent.host..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.smartagent..")
                  .and(not(resideInAnyPackage("io.smartagent.host..", "io.smartagent.kernel..")))
                  .and(
                      not(
                          belongToAnyOf(
                              Numbers.class,
                              UserSpec.class,
                              HiddenDirectories.class,
                              JsonStart.class))));

  @ArchTest
  static final ArchRule KERNEL_KNOWS_NOBODY_AND_LOGS_NOTHING =
      noClasses()
          .that()
          .resideInAPackage("io.smartagent.kernel..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.smartagent..", "org.slf4j..", "ch.qos.logback..", "java.util.logging..")
                  .and(not(resideInAnyPackage("io.smartagent.kernel.."))));

  @ArchTest
  static final ArchRule PLAN_IS_PURE =
      classes()
          .that()
          .resideInAPackage("io.smartagent.plan..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "io.smartagent.plan..",
                      "io.smartagent.config..",
                      "io.smartagent.host..",
                      "io.smartagent.probe..",
                      "io.smartagent.module..",
                      "io.smartagent.needs..",
                      "io.smartagent.confinement..",
                      "io.smartagent.kubernetes",
                      "io.smartagent.kernel.capability..",
                      "java.lang..",
                      "java.util..",
                      "org.jspecify..")
                  .and(
                      not(
                          belongToAnyOf(
                              HostFiles.class,
                              HostRoot.class,
                              MinimalReader.class,
                              ShownTree.class)))
                  .or(belongToAnyOf(MountTable.class)));

  @ArchTest
  static final ArchRule PLAN_KNOWS_NEITHER_CLOCK_NOR_ENVIRONMENT =
      noClasses()
          .that()
          .resideInAPackage("io.smartagent.plan..")
          .should()
          .dependOnClassesThat(
              belongToAnyOf(
                  System.class,
                  Runtime.class,
                  Thread.class,
                  Process.class,
                  ProcessBuilder.class,
                  ProcessHandle.class,
                  Date.class,
                  Random.class,
                  Capabilities.class));

  @ArchTest
  static final ArchRule MODULES_KNOW_THE_SEAM_AND_THEIR_OWN_API_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.smartagent.modules..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.smartagent..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.smartagent.modules..",
                              "io.smartagent.module..",
                              "io.smartagent.needs..",
                              "io.smartagent.limit..",
                              "io.smartagent.results..",
                              "io.smartagent.kernel..",
                              "io.smartagent.kubernetes",
                              "io.smartagent.kubernetes.client")))
                  .and(not(belongToAnyOf(Ability.class, JsonTree.class))));

  @ArchTest
  static final ArchRule NEEDS_ARE_PURE =
      classes()
          .that()
          .resideInAPackage("io.smartagent.needs..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "io.smartagent.needs..",
                      "io.smartagent.kernel.capability..",
                      "java.lang..",
                      "java.util..",
                      "org.jspecify..")
                  .and(not(belongToAnyOf(Capabilities.class)))
                  .or(belongToAnyOf(Ability.class, Ability[].class)));

  @ArchTest
  static final ArchRule CONFINEMENT_IS_PURE =
      classes()
          .that()
          .resideInAPackage("io.smartagent.confinement..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "io.smartagent.confinement..",
                      "io.smartagent.kernel.capability..",
                      "java.lang..",
                      "java.util..",
                      "org.jspecify..")
                  .and(not(belongToAnyOf(Capabilities.class))));

  @ArchTest
  static final ArchRule ONLY_COMPOSITION_ROOTS_KNOW_WHICH_KERNEL_IT_IS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.smartagent.cli..", "io.smartagent.agent..", "io.smartagent.kernel.linux..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.smartagent.kernel.linux..");

  @ArchTest
  static final ArchRule JNA_STAYS_BEHIND_THE_SEAM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.smartagent.kernel.linux..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule NOTHING_SLOW_IS_LOADED_ON_THE_PATH_TO_EXEC =
      noClasses()
          .that()
          .resideInAnyPackage(PATH_TO_EXEC)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jnr..",
              "io.smartagent.kernel.posix..",
              "org.slf4j..",
              "ch.qos.logback..",
              "java.util.logging..",
              "io.fabric8..",
              "io.prometheus..",
              "com.fasterxml.jackson.databind..",
              "io.smartagent.telemetry..",
              "io.smartagent.agent..");

  /** The help of plan lists its keys; help launches nothing. */
  @ArchTest
  static final ArchRule NOTHING_IS_SIMULATED_ON_THE_PATH_TO_EXEC =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.smartagent.simulation..")
          .and()
          .doNotHaveFullyQualifiedName("io.smartagent.cli.SimulatedPlan")
          .and()
          .doNotHaveFullyQualifiedName("io.smartagent.cli.Help")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.smartagent.simulation..");

  @ArchTest
  static final ArchRule KUBERNETES_KNOWS_NOTHING_OF_A_LAUNCH =
      noClasses()
          .that()
          .resideInAPackage("io.smartagent.kubernetes..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.smartagent.planning..",
              "io.smartagent.launch..",
              "io.smartagent.plan..",
              "io.smartagent.host..",
              "io.smartagent.agent..");

  @ArchTest
  static final ArchRule YAML_IS_PARSED_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.smartagent.kubernetes.yaml..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.snakeyaml..");

  @ArchTest
  static final ArchRule EACH_MODULE_CAN_BE_READ_ALONE =
      SlicesRuleDefinition.slices()
          .matching("io.smartagent.modules.(*)..")
          .should()
          .beFreeOfCycles();
}
