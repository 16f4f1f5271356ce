package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModeDecisionTest {

  private final Situation situation = new Situation();

  @ParameterizedTest
  @CsvSource({
    "auto, true, READ_ONLY, true",
    "auto, false, FULL, false",
    "read-only, true, READ_ONLY, true",
    "read-only, false, READ_ONLY, true",
    "full, false, FULL, false",
    "minimal, true, MINIMAL, true",
    "minimal, false, MINIMAL, true"
  })
  void takesTheModeFromTheSettingElseFromTheMount(
      String setting, boolean mountedReadOnly, Mode mode, boolean sealed) {
    LaunchPlan plan = situation.option(Option.MODE, setting).hostReadOnly(mountedReadOnly).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.mode()).isEqualTo(mode);
    assertThat(plan.sealed()).isEqualTo(sealed);
  }

  @Test
  void saysWhereTheModeCameFrom() {
    assertThat(situation.plan().modeReason()).isEqualTo("/mnt/root is mounted read-only.");
    assertThat(situation.hostReadOnly(false).plan().modeReason())
        .isEqualTo("/mnt/root is mounted writable; mount it readOnly for mode read-only.");
    assertThat(situation.variable(Option.MODE, "full").plan().modeReason())
        .isEqualTo("Set by SMARTAGENT_MODE.");
    assertThat(situation.option(Option.MODE, "read-only").plan().modeReason())
        .isEqualTo("Set by --mode.");
    assertThat(new Situation().variable(Option.ENABLE_MINIMAL_MOUNT, "true").plan().modeReason())
        .isEqualTo("SMARTAGENT_ENABLE_MINIMAL_MOUNT is true.");
    assertThat(new Situation().option(Option.MODE, "minimal").plan().modeReason())
        .isEqualTo("Set by --mode.");
  }

  @Test
  void warnsThatModeFullLeavesTheHostWritable() {
    assertThat(situation.hostReadOnly(false).plan().warnings())
        .singleElement()
        .asString()
        .startsWith("Mode full leaves the host's root writable.");
  }

  @Test
  void refusesModeFullOnARootThatIsMountedReadOnly() {
    LaunchPlan plan = situation.option(Option.MODE, "full").plan();

    assertThat(plan.problems())
        .containsExactly(
            Problem.configuration(
                "Mode full is asked for, but /mnt/root is mounted read-only.",
                "Use mode read-only, or mount the host's root with readOnly: false."));
  }

  @Test
  void keepsTheMountsOfTheYamlIfConfigured() {
    LaunchPlan plan = situation.variable(Option.NO_REMOUNT_ROOT, "true").plan();

    assertThat(plan.mode()).isEqualTo(Mode.READ_ONLY);
    assertThat(plan.sealed()).isFalse();
    assertThat(plan.warnings())
        .anySatisfy(warning -> assertThat(warning).contains("stay as the YAML made them"))
        .anySatisfy(warning -> assertThat(warning).contains("cannot seal submounts"));
  }

  @Test
  void refusesReadOnlyWhereNeitherTheMountNorASealMakesItSo() {
    LaunchPlan plan =
        situation
            .option(Option.MODE, "read-only")
            .variable(Option.NO_REMOUNT_ROOT, "true")
            .hostReadOnly(false)
            .plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault())
              .isEqualTo(
                  "Mode read-only is asked for, but /mnt/root is mounted writable and"
                      + " SMARTAGENT_NO_REMOUNT_ROOT is true.");
        });
  }
}
