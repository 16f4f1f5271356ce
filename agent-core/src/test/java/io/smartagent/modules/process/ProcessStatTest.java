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

    assertThat(stat)
        .isEqualTo(
            new ProcessStat(42, name, 'S', 7, false, false, 3, 247761, ProcessImage.hidden(false)));
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

  /** Of Linux 6.18, as it shows the same process to root and to another user. */
  @Test
  void readsTheAddressesThatExecveSetsWhereTheyAreShown() {
    String shown =
        "10598 (sleep) S 10590 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 247761 5664768 478"
            + " 18446744073709551615 94230316814336 94230317603741 140734565720992 0 0 0 0 0 0 0 0"
            + " 0 17 1 0 0 0 0 0 94230317837040 94230317885284 94230974803968 140734565722974"
            + " 140734565722989 140734565722989 140734565724138 0";
    String hidden =
        "10598 (sleep) S 10590 1 1 0 -1 4194368 0 0 0 0 0 0 0 0 20 0 1 0 247761 5664768 478"
            + " 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0";
    String executing =
        shown
            .replaceFirst(
                "140734565722974 140734565722989 140734565722989 140734565724138", "0 0 0 0")
            .replace(" 4194304 ", " 4194308 ");

    assertThat(ProcessStat.parse(shown))
        .extracting(ProcessStat::image)
        .isEqualTo(
            new ProcessImage(
                true,
                false,
                140734565722974L,
                140734565722989L,
                140734565722989L,
                140734565724138L));
    assertThat(ProcessStat.parse(hidden))
        .extracting(ProcessStat::image)
        .isEqualTo(ProcessImage.hidden(true))
        .matches(image -> !image.isIncomplete());
    assertThat(ProcessStat.parse(executing))
        .matches(ProcessStat::exiting)
        .extracting(ProcessStat::image)
        .matches(ProcessImage::isIncomplete);
  }

  @Test
  void isSureOfAnImageOnlyWhereItIsShown() {
    ProcessImage shown = new ProcessImage(true, false, 1, 2, 2, 3);

    assertThat(shown.isSameAs(new ProcessImage(true, false, 1, 2, 2, 3))).isTrue();
    assertThat(shown.isSameAs(new ProcessImage(true, false, 2, 3, 3, 4))).isFalse();
    assertThat(ProcessImage.hidden(false).isSameAs(ProcessImage.hidden(false))).isFalse();
  }
}
