package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Slow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starts that share a host and its data directory, three at a time. None may fail by chance. */
final class StartsIT {

  private static final int AT_ONCE = 3;

  /**
   * A start is judged by its exit code; of those that fail the output is shown. A user that does
   * not exist makes the launcher warn, for which it loads classes that no cache has.
   */
  private static final String STARTS =
      """
      busybox() { /mnt/root/bin/busybox "$@"; }
      start() {
        /smartagent/bin/smartagent --inhibit-cache --library-path /smartagent/lib \
          /smartagent/jre/bin/java @/smartagent/launcher.args run --user nosuch -- /bin/true
      }
      some() {
        for number in $(busybox seq "$1"); do
          output=$(start 2>&1)
          code=$?
          if [ $code -eq 0 ]; then good=$((good + 1)); else echo "exit $code: $output"; fi
        done
        echo "$good good"
      }
      good=0
      for _ in 1 2 3; do some "$0" & done
      wait
      """;

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Completed starts(int each, Duration limit) {
    return Launcher.on(root)
        .option("--entrypoint", "/mnt/root/bin/busybox")
        .invoke(List.of("sh", "-c", STARTS, Integer.toString(each)), limit)
        .orFail();
  }

  @Test
  void succeedThreeHundredTimes() {
    assertThat(starts(100, Duration.ofMinutes(10)).out()).isEqualTo("100 good\n".repeat(AT_ONCE));
  }

  @Test
  void succeedTenThousandTimes() {
    Slow.assumeWanted();
    assertThat(starts(3334, Duration.ofHours(2)).out()).isEqualTo("3334 good\n".repeat(AT_ONCE));
  }
}
