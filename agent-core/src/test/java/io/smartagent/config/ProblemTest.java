package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProblemTest {

  private static final Problem USAGE = Problem.usage("a", "b");
  private static final Problem CONFIGURATION = Problem.configuration("a", "b");
  private static final Problem NOT_PERMITTED = Problem.notPermitted("a", "b");
  private static final Problem UNAVAILABLE = Problem.unavailable("a", "b");

  @Test
  void endsWithWhatTheUserCanPutRightFirst() {
    assertThat(Problem.statusOf(List.of())).isEqualTo(ExitStatus.OK);
    assertThat(Problem.statusOf(List.of(UNAVAILABLE))).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(Problem.statusOf(List.of(UNAVAILABLE, NOT_PERMITTED)))
        .isEqualTo(ExitStatus.NOT_PERMITTED);
    assertThat(Problem.statusOf(List.of(NOT_PERMITTED, CONFIGURATION)))
        .isEqualTo(ExitStatus.CONFIGURATION);
    assertThat(Problem.statusOf(List.of(NOT_PERMITTED, CONFIGURATION, USAGE)))
        .isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void exitCodesAreThoseOfSysexitsAndOneForWhatWasFound() {
    assertThat(ExitStatus.values())
        .extracting(ExitStatus::code)
        .containsExactly(0, 1, 64, 69, 70, 74, 77, 78);
  }
}
