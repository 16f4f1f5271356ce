package io.smartagent.agent;

import io.smartagent.config.ReportSettings;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.event.DropReason;
import io.smartagent.kubernetes.event.KubernetesEvents;
import io.smartagent.kubernetes.node.AgentNodeReporter;
import io.smartagent.kubernetes.node.NodeName;
import io.smartagent.module.BackgroundThread;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.telemetry.ClusterCounts;
import io.smartagent.telemetry.StatusReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to Kubernetes, on threads of its own without any capability. The agent works whether or
 * not the API server does.
 */
final class ClusterServices implements EventSink {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterServices.class);

  private static final long STACK_SIZE = 512 * 1024;
  private static final Duration AFTER_A_FAULT = Duration.ofMinutes(1);

  private final EventSink stdout;
  private final ApiClient api;
  private final RandomGenerator random = new Random();
  private final Duration spread;
  private final ApiCondition agentNodeCondition =
      new ApiCondition("The AgentNode is not up to date", "The AgentNode is up to date again.");
  private final ApiCondition eventsCondition =
      new ApiCondition("Kubernetes Events are not written", "Kubernetes Events are written again.");
  private final @Nullable AgentNodeReporter agentNode;
  private final @Nullable KubernetesEvents events;
  private final List<String> notes = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * @param node the Node's name; empty where it is not known
   * @param stdout where all events go too
   * @param reports the agent's report of itself now
   */
  ClusterServices(
      ClusterAccess access,
      String node,
      ReportSettings settings,
      EventSink stdout,
      Supplier<StatusReport> reports) {
    this.stdout = stdout;
    this.api = ApiClient.of(access);
    this.spread = settings.spread();
    boolean named = NodeName.isValid(node);
    if (!named && (settings.agentNode() || settings.events())) {
      notes.add(note(node));
    }
    this.agentNode =
        settings.agentNode() && named
            ? AgentNodeReporter.of(api, node, reports, agentNodeCondition, random)
            : null;
    this.events =
        settings.events()
            ? KubernetesEvents.of(api, named ? node : "", eventsCondition, random)
            : null;
  }

  private static String note(String node) {
    return (node.isEmpty()
            ? "The node's name is not known"
            : "K8S_NODE_NAME is \"" + node + "\", which no Node can be called")
        + ", so it has no AgentNode and no Events. Set K8S_NODE_NAME by a fieldRef to"
        + " spec.nodeName.";
  }

  /** Starts its threads, which have no more capabilities than the calling one. */
  void start() {
    notes.forEach(LOG::warn);
    if (agentNode == null) {
      ended.countDown();
    } else {
      start("agent-node", () -> keep(agentNode));
    }
    if (events != null) {
      start("kube-events", () -> write(events));
    }
  }

  private static void start(String name, Runnable task) {
    BackgroundThread.named(name, STACK_SIZE).start(task);
  }

  private void keep(AgentNodeReporter reporter) {
    try {
      Duration pause = Duration.ofMillis(random.nextLong(spread.toMillis() + 1));
      while (!stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        pause = turn(reporter);
      }
      reporter.end();
    } catch (InterruptedException e) {
      LOG.debug("What keeps the AgentNode was interrupted.", e);
    } finally {
      ended.countDown();
    }
  }

  /** A want of memory or threads may pass, so it ends no thread of the agent's. */
  private static Duration turn(AgentNodeReporter reporter) {
    try {
      return reporter.turn();
    } catch (RuntimeException | Error e) {
      LOG.warn("The AgentNode could not be written: {}.", e.toString());
      LOG.debug("The exception was:", e);
      return AFTER_A_FAULT;
    }
  }

  private void write(KubernetesEvents reporter) {
    try {
      while (stop.getCount() > 0) {
        try {
          reporter.turn();
        } catch (RuntimeException | Error e) {
          LOG.warn("An Event could not be written: {}.", e.toString());
          LOG.debug("The exception was:", e);
          stop.await(AFTER_A_FAULT.toNanos(), TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("What writes Events was interrupted.", e);
    }
  }

  @Override
  public void accept(String module, Event event) {
    stdout.accept(module, event);
    if (events != null) {
      events.accept(module, event);
    }
  }

  /** Returns what is not reported to Kubernetes now, and why. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>(notes);
    for (ApiCondition condition : List.of(agentNodeCondition, eventsCondition)) {
      String text = condition.text();
      if (text != null) {
        warnings.add(text);
      }
    }
    return warnings;
  }

  /** Returns how much was reported to Kubernetes. */
  ClusterCounts counts() {
    Map<String, Long> dropped = new TreeMap<>();
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason.id(), events == null ? 0L : events.dropped().getOrDefault(reason, 0L));
    }
    return new ClusterCounts(
        agentNode == null ? 0 : agentNode.writes(),
        events == null ? 0 : events.written(),
        dropped,
        Map.of(
            ClusterFeature.AGENT_NODE.id(), agentNode == null ? 0L : agentNode.failures(),
            ClusterFeature.EVENTS.id(), events == null ? 0L : events.failures()));
  }

  /** Has its threads end, and the AgentNode say so. */
  void stop() {
    stop.countDown();
  }

  /** Waits until that is reported. */
  void awaitEnd(Duration timeout) throws InterruptedException {
    boolean reported = ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    LOG.debug("The AgentNode {} that the agent ends.", reported ? "reports" : "may not report");
  }
}
