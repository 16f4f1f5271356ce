package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.containermetrics.ContainerTable.Pass;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Measures the containers of the host again and again. How a pass looks is said in {@link
 * ContainerTable}, the metrics in {@link ContainerFamilies}, the events in {@link
 * ContainerMetricsTelemetry}. A container that starts and ends between two passes is not seen.
 */
public final class ContainerMetrics implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    ContainerTable table = new ContainerTable(context);
    PassMetrics metrics = new PassMetrics(context.kernel().filesystem(), context.root());
    context.metrics().register(metrics.table());
    Map<String, Container> before = null;
    do {
      long begin = System.nanoTime();
      Pass pass = table.measure(context::isStopping);
      if (context.isStopping()) {
        return;
      }
      before = tell(context, before, pass);
      metrics.show(pass, Duration.ofNanos(System.nanoTime() - begin));
      context.observed(summary(pass, table.versions()));
    } while (context.pause(INTERVAL));
  }

  /**
   * @param before what was running at the last pass, by ids; null at the first one
   * @return what is running now
   */
  private static Map<String, Container> tell(
      ModuleContext context, @Nullable Map<String, Container> before, Pass pass) {
    Instant now = Instant.now();
    Map<String, Container> running = new LinkedHashMap<>();
    for (Measurement measurement : pass.running()) {
      running.put(measurement.container().id(), measurement.container());
    }
    if (before != null) {
      before.forEach((id, container) -> {
        if (!isSameRun(container, running.get(id))) {
          context.emit(
              ContainerEvents.of(
                  ContainerEvents.ENDED, now, container.withState(Container.EXITED)));
        }
      });
    }
    running.forEach((id, container) -> {
      Instant startedAt = container.startedAt();
      if (before == null) {
        context.emit(ContainerEvents.of(ContainerEvents.FOUND, now, container));
      } else if (!isSameRun(before.get(id), container)) {
        context.emit(
            ContainerEvents.of(
                ContainerEvents.STARTED, startedAt == null ? now : startedAt, container));
      }
    });
    return running;
  }

  /** Docker starts a container that has ended again under the same id. */
  private static boolean isSameRun(@Nullable Container one, @Nullable Container other) {
    return one != null && other != null && Objects.equals(one.startedAt(), other.startedAt());
  }

  private static String summary(Pass pass, String versions) {
    TreeSet<String> runtimes = new TreeSet<>();
    TreeSet<String> pods = new TreeSet<>();
    for (Measurement measurement : pass.running()) {
      String runtime = measurement.container().runtime();
      if (runtime != null) {
        runtimes.add(runtime);
      }
      String pod = measurement.container().owner().podUid();
      if (pod != null) {
        pods.add(pod);
      }
    }
    int count = pass.running().size();
    return count
        + (count == 1 ? " container" : " containers")
        + (runtimes.isEmpty() ? "" : " of " + String.join(", ", runtimes))
        + (pods.isEmpty() ? "" : ", " + pods.size() + (pods.size() == 1 ? " pod" : " pods"))
        + ", control groups version "
        + versions;
  }
}
