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

/**
 * As many passes as an hour has, while containers come and go. In a JVM of their own: what other
 * tests leave behind, and when, is no business of this one.
 */
final class HourOfPassesTest {

  private static final int PASSES = 360;
  private static final int STAYING = 30;
  private static final int COMING_EACH_TIME = 40;

  /** When what is remembered on purpose has come to its bound: of 4096 that nothing is known of. */
  private static final int WARM_AFTER = 120;

  /**
   * At any one moment a pass may hold what it has just read: the least of so many has none of it.
   */
  private static final int PASSES_TO_MEASURE = 20;

  /** A leak of 16 bytes for each that comes is more. */
  private static final long TOLERANCE = 128 << 10;

  private long heapWhenWarm = Long.MAX_VALUE;
  private long heapAtTheEnd = Long.MAX_VALUE;
  private int descriptorsWhenWarm;
  private int descriptorsAtTheEnd;

  @Test
  void neitherDescriptorsNorMemoryGrow(@TempDir Path directory) throws Exception {
    Path told = directory.resolve("told");
    Path root = Files.createDirectory(directory.resolve("root"));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HourOfPassesTest.class.getName(),
                root.toString())
            .redirectErrorStream(true)
            .redirectOutput(told.toFile())
            .start();

    int status = process.waitFor();

    assertThat(status).as(Files.readString(told)).isZero();
  }

  /**
   * Makes the passes on an empty directory, and ends with an error where something has grown.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws Exception {
    new HourOfPassesTest().makePasses(Path.of(arguments[0]));
  }

  private void makePasses(Path root) throws Exception {
    SimulatedHost host = new SimulatedHost(root, Layout.VERSION_2);
    ManyContainers.make(host, STAYING, 3);
    host.group("/init.scope", 1);
    TestModuleContext context =
        new TestModuleContext(
            ContainerMetricsDefinition.CGROUPS, new LinuxKernel(), root.toString());
    for (int i = 1; i <= PASSES; i++) {
      int pass = i;
      context.then(() -> {
        for (int j = 0; j < COMING_EACH_TIME; j++) {
          end(root, STAYING + (pass - 1) * COMING_EACH_TIME + j);
          begin(host, STAYING + pass * COMING_EACH_TIME + j);
        }
        // Only the test keeps them.
        context.events().clear();
        if (pass > WARM_AFTER && pass <= WARM_AFTER + PASSES_TO_MEASURE) {
          heapWhenWarm = Math.min(heapWhenWarm, heap());
          descriptorsWhenWarm = descriptors();
        }
        if (pass > PASSES - PASSES_TO_MEASURE) {
          heapAtTheEnd = Math.min(heapAtTheEnd, heap());
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

  private static void end(Path root, int number) throws IOException {
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
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
