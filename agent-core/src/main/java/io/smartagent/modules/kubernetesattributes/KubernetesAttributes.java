package io.smartagent.modules.kubernetesattributes;

import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.WatchTiming;
import io.smartagent.module.LogFilter;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.PodDirectory;
import java.time.Duration;
import java.util.Map;

/**
 * Watches the pods of this node, the endpoints of Services, and namespaces where their labels are
 * asked for. What it has found stays where the API fails, marked as stale; it goes on by itself.
 */
public final class KubernetesAttributes implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final WatchTiming timing;

  /** A module is made for one run. */
  public KubernetesAttributes() {
    this(WatchTiming.STANDARD);
  }

  KubernetesAttributes(WatchTiming timing) {
    this.timing = timing;
  }

  @Override
  public void run(ModuleContext context) {
    ClusterAccess access = context.cluster();
    PodMetrics metrics = new PodMetrics();
    context.metrics().register(metrics.table());
    if (access == null) {
      sayAndWait(context, "how Kubernetes' API is reached is not known: this is no pod of it");
    } else if (access.nodeName().isEmpty()) {
      sayAndWait(
          context,
          "K8S_NODE_NAME is not set, so the pods of this node are not known. Set it with"
              + " valueFrom.fieldRef.fieldPath: spec.nodeName");
    } else {
      watch(context, access, metrics);
    }
  }

  private static void sayAndWait(ModuleContext context, String trouble) {
    context.degraded(trouble);
    while (context.pause(INTERVAL)) {
      // Nothing of it changes while the agent runs.
    }
  }

  private void watch(ModuleContext context, ClusterAccess access, PodMetrics metrics) {
    PodDirectory directory = context.containers().pods();
    // Once, for they may change meanwhile: what is found by these is told as found by these.
    ModuleSettings settings = context.settings();
    try (NodeWatches watches = new NodeWatches(access, settings, timing)) {
      NodePods pods = watches.pods();
      Map<String, Boolean> shown = Map.of();
      boolean untold = false;
      do {
        boolean changed = watches.poll();
        Map<String, Boolean> stale = watches.stale();
        directory.setStale(stale.containsValue(true));
        if (changed) {
          pods = watches.pods();
        }
        untold |= changed;
        // Before that nothing is known of them, which says nothing against what was known last.
        if (untold && watches.arePodsListed()) {
          directory.replace(pods.pods(), pods.containers(), LogFilter.of(settings));
          untold = false;
        }
        if (changed || !stale.equals(shown)) {
          metrics.show(pods.pods().values(), stale);
          shown = stale;
        }
        tell(context, watches, pods);
      } while (context.pause(INTERVAL));
    } finally {
      directory.setStale(true);
    }
  }

  private static void tell(ModuleContext context, NodeWatches watches, NodePods pods) {
    String trouble = watches.trouble();
    context.degraded(trouble);
    int count = pods.pods().size();
    if (count > 0 || watches.isComplete()) {
      context.observed(
          count + (count == 1 ? " pod" : " pods") + (trouble.isEmpty() ? "" : ", stale"));
    }
  }
}
