package io.smartagent.modules.kernelstacks;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.module.MetricTable;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import io.smartagent.modules.kernelstacks.TaskScanner.Scan;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Shows what one pass has found as metrics. */
final class StackMetrics {

  /** Those with the most blocked tasks; what is in others is counted together. */
  static final int CONTAINERS_AT_MOST = 100;

  private static final double NANOSECONDS = 1e9;

  private final MetricTable table = new MetricTable(KernelStacksTelemetry.METRICS);

  StackMetrics(PrometheusRegistry registry) {
    registry.register(table);
  }

  /**
   * Shows a pass.
   *
   * @param blocked tasks that have waited long enough to be told of
   * @param owner says whose a task is
   */
  void show(
      Collection<Wait> blocked, Scan scan, Function<Wait, CgroupOwner> owner, Duration passTime) {
    Map<String, Integer> byContainer = new HashMap<>();
    Duration longest = Duration.ZERO;
    for (Wait wait : blocked) {
      String id = owner.apply(wait).containerId();
      byContainer.merge(id == null ? "" : id, 1, Integer::sum);
      longest = wait.blocked().compareTo(longest) > 0 ? wait.blocked() : longest;
    }
    // The host's own are always shown: a series that comes and goes is hard to alert on.
    int host = byContainer.getOrDefault("", 0);
    byContainer.remove("");
    List<Map.Entry<String, Integer>> most =
        byContainer.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    MetricTable.Pass pass = table.begin();
    pass.add(KernelStacksTelemetry.BLOCKED, host, "");
    int leftOut = 0;
    for (int i = 0; i < most.size(); i++) {
      if (i < CONTAINERS_AT_MOST) {
        pass.add(KernelStacksTelemetry.BLOCKED, most.get(i).getValue(), most.get(i).getKey());
      } else {
        leftOut += most.get(i).getValue();
      }
    }
    pass.add(KernelStacksTelemetry.BLOCKED_TRUNCATED, leftOut + scan.leftOut());
    pass.add(KernelStacksTelemetry.LONGEST, longest.toMillis() / 1000.0);
    pass.add(KernelStacksTelemetry.PROCESSES_TRUNCATED, scan.processesLeftOut());
    pass.add(KernelStacksTelemetry.PASS, passTime.toNanos() / NANOSECONDS);
    pass.show();
  }
}
