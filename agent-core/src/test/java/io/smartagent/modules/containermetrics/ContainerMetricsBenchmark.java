package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.containermetrics.SimulatedHost.Layout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures one pass over 500 containers and 10,000 processes, by the CPU time of the module's
 * thread: the first pass, and the later half of all. No test: integration-tests/bench runs it and
 * judges what it prints.
 */
final class ContainerMetricsBenchmark {

  private static final int CONTAINERS = 500;
  private static final int PROCESSES_IN_EACH = 20;
  private static final int PASSES = 60;

  @ParameterizedTest
  @EnumSource
  void measure(Layout layout) throws Exception {
    Path root = Files.createTempDirectory(Path.of("/dev/shm"), "smartagent-bench");
    try {
      ManyContainers.make(new SimulatedHost(root, layout), CONTAINERS, PROCESSES_IN_EACH);
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long[] at = new long[PASSES + 1];
      TestModuleContext context =
          new TestModuleContext(
              ContainerMetricsDefinition.RUNTIME_FILES, new LinuxKernel(), root.toString());
      at[0] = threads.getCurrentThreadCpuTime();
      for (int i = 1; i <= PASSES; i++) {
        int pass = i;
        context.then(() -> at[pass] = threads.getCurrentThreadCpuTime());
      }
      context.run(new ContainerMetrics());
      double[] milliseconds =
          IntStream.range(0, PASSES).mapToDouble(i -> (at[i + 1] - at[i]) / 1e6).toArray();
      System.out.printf(
          Locale.ROOT,
          "container-metrics, version %s: first %.1f ms, median %.1f ms, most %.1f ms%n",
          switch (layout) {
            case VERSION_1 -> "1";
            case VERSION_2 -> "2";
            case HYBRID -> "1+2";
          },
          milliseconds[0],
          median(Arrays.copyOfRange(milliseconds, PASSES / 2, PASSES)),
          Arrays.stream(milliseconds, PASSES / 2, PASSES).max().orElse(0));
    } finally {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
