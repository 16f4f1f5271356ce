package io.smartagent.modules.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessStatTest {

  private static final String REST = " 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 3 0 247761 9 9";

  @ParameterizedTest
  @ValueSource(strings = {"cat", "a b", "x) R 1 (y", "(sd-pam)", "a\\nb", ")", "", "a\nb"})
  void readsAStatWhateverTheNameIs(String name) {
    ProcessStat stat = ProcessStat.parse("42 (" + name + ") S 7" + REST + "\n");

    assertThat(stat).isEqualTo(new ProcessStat(42, name, 'S', 7, false, 3, 247761));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "42",
        "42 (cat)",
        "42 (cat) S 7",
        "x (cat) S 7 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 3 0 1 9",
        ")("
      })
  void passesOverWhatIsNoStat(String text) {
    assertThat(ProcessStat.parse(text)).isNull();
  }

  @Test
  void tellsThreadsOfTheKernelAndProcessesThatHaveEnded() {
    ProcessStat kernel =
        ProcessStat.parse("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0");
    ProcessStat zombie =
        ProcessStat.parse("9 (a) Z 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5 0");
    ProcessStat leaderGone =
        ProcessStat.parse("9 (a) Z 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 4 0 5 0");

    assertThat(kernel).isNotNull().matches(ProcessStat::kernelThread);
    assertThat(zombie).isNotNull().matches(ProcessStat::hasEnded);
    assertThat(leaderGone).isNotNull().matches(stat -> !stat.hasEnded());
  }
}
