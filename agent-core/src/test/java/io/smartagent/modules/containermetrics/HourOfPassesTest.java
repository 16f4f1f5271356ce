package io.smartagent.modules.containermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.containermetrics.SimulatedHost.Layout;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many passes as an hour has, while containers come and go. */
final class HourOfPassesTest {

  private static final int PASSES = 360;
  private static final int STAYING = 30;
  private static final int COMING_EACH_TIME = 40;

  /** When what is remembered on purpose has come to its bound: of 4096 that nothing is known of. */
  private static final int WARM_AFTER = 120;

  /** For what the collector leaves uncertain: a leak of 60 bytes for each that comes is more. */
  private static final long TOLERANCE = 512 << 10;

  @TempDir private Path root;

  private long heapWhenWarm;
  private long heapAtTheEnd;
  private int descriptorsWhenWarm;
  private int descriptorsAtTheEnd;

  @Test
  void neitherDescriptorsNorMemoryGrow() throws Exception {
    SimulatedHost host = new SimulatedHost(root, Layout.VERSION_2);
    ManyContainers.make(host, STAYING, 3);
    host.group("/init.scope", 1);
    TestModuleContext context =
        new TestModuleContext(
            ContainerMetricsDescriptor.CGROUPS, new LinuxKernel(), root.toString());
    for (int i = 1; i <= PASSES; i++) {
      int pass = i;
      context.then(() -> {
        for (int j = 0; j < COMING_EACH_TIME; j++) {
          end(STAYING + (pass - 1) * COMING_EACH_TIME + j);
          begin(host, STAYING + pass * COMING_EACH_TIME + j);
        }
        // Only the test keeps them.
        context.events().clear();
        if (pass == WARM_AFTER) {
          heapWhenWarm = heap();
          descriptorsWhenWarm = descriptors();
        }
        if (pass == PASSES) {
          heapAtTheEnd = heap();
          descriptorsAtTheEnd = descriptors();
        }
      });
    }

    context.run(new ContainerMetrics());

    assertThat(descriptorsAtTheEnd).isLessThanOrEqualTo(descriptorsWhenWarm);
    assertThat(heapAtTheEnd).isLessThan(heapWhenWarm + TOLERANCE);
    assertThat(context.value("smartagent_containers", "containerd", "running")).isEqualTo(STAYING);
    assertThat(context.value("smartagent_containers", "", "running")).isEqualTo(COMING_EACH_TIME);
  }

  private static void begin(SimulatedHost host, int number) throws IOException {
    host.write("sys/fs/cgroup" + ManyContainers.group(number) + "/cgroup.procs", "1\n");
  }

  private void end(int number) throws IOException {
    Path group = root.resolve("sys/fs/cgroup" + ManyContainers.group(number));
    Files.deleteIfExists(group.resolve("cgroup.procs"));
    Files.deleteIfExists(group);
    try {
      Files.deleteIfExists(group.getParent());
    } catch (DirectoryNotEmptyException others) {
      // They end next.
    }
  }

  private static int descriptors() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? -1 : open.length;
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
