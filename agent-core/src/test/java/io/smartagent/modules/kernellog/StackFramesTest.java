package io.smartagent.modules.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StackFramesTest {

  @Test
  void readsTheFileOfAProcess() {
    assertThat(
            StackFrames.ofFile(
                """
                [<0>] percpu_rwsem_wait+0x15f/0x1d0
                [<ffffffffa0152b23>] jbd2_log_wait_commit+0xc5/0x140 [jbd2]
                [<0>] ret_from_fork_asm+0x1a/0x30
                [<ffffffffffffffff>] 0xffffffffffffffff
                """))
        .containsExactly(
            "percpu_rwsem_wait+0x15f/0x1d0",
            "jbd2_log_wait_commit+0xc5/0x140 [jbd2]",
            "ret_from_fork_asm+0x1a/0x30");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' [<ffffffff8163a889>] schedule+0x29/0x70' | schedule+0x29/0x70",
        "'  foo.isra.0+0x1/0x2 [mod_x]' | 'foo.isra.0+0x1/0x2 [mod_x]'",
        "'  __arm64_sys_read+0x1c/0x30 (P)' | __arm64_sys_read+0x1c/0x30"
      })
  void readsLinesOfTheLog(String line, String frame) {
    assertThat(StackFrames.parse(line)).isEqualTo(frame);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ? foo+0x1/0x2", " <TASK>", "RIP: 0033:0x7f5c6bfd8011", "foo"})
  void passesOverWhatIsNoFrameToBelieve(String line) {
    assertThat(StackFrames.parse(line)).isNull();
  }

  @Test
  void cutsAStackThatIsTooDeep() {
    assertThat(StackFrames.ofFile("[<0>] f+0x1/0x2\n".repeat(100))).hasSize(StackFrames.MOST);
  }
}
