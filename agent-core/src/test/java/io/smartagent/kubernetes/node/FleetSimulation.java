package io.smartagent.kubernetes.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ClusterClient;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.ModuleStatus;
import io.smartagent.plan.Situation;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.StatusReport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Any number of nodes, each with the product's own {@link AgentNodeReporter}, against a real API
 * server. Only time is not real: where no node has anything to do, none passes. Each request is
 * made, at the virtual time at which an agent would make it, and counted by the server.
 *
 * <p>Arguments: the server, the directory of a ServiceAccount that may do everything, and how many
 * nodes.
 */
public final class FleetSimulation {

  private static final Duration SPREAD = Duration.ofSeconds(60);
  private static final int THREADS = 8;
  private static final Pattern SAMPLE =
      Pattern.compile(
          "apiserver_request_total\\{([^}]*group=\"smartagent.io\"[^}]*|[^}]*resource=\"nodes\"[^}]*)\\}"
              + " (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("(code|resource|subresource|verb)=\"([^\"]*)\"");
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final KubernetesClient server;
  private final ApiClient api;
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));
  private final List<AgentNodeReporter> reporters = new ArrayList<>();
  private final Map<Long, AtomicLong> perMinute = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final Random random = new Random(1);
  private volatile long now;
  private volatile @Nullable String fault;

  /** When a node is to do something, in nanoseconds. */
  private record Turn(long at, AgentNodeReporter reporter) {}

  /** Counts what a node asks for. */
  private final class Counted implements AgentNodes {

    private final AgentNodes nodes;
    private final String name;

    Counted(String name) {
      this.name = name;
      this.nodes = new ClusterAgentNodes(api, name);
    }

    private void count(int requestsMade, int bytes) {
      perMinute
          .computeIfAbsent(Duration.ofNanos(now).toMinutes(), minute -> new AtomicLong())
          .addAndGet(requestsMade);
      sent.addAndGet(bytes);
    }

    @Override
    public @Nullable AgentNodeStatus read() throws ApiRequestException {
      count(1, 0);
      return nodes.read();
    }

    @Override
    public void create() throws ApiRequestException {
      count(2, size(AgentNode.of(name, "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11")));
      nodes.create();
    }

    @Override
    public void write(AgentNodeStatus status) throws ApiRequestException {
      count(1, size(AgentNode.of(name, status)));
      nodes.write(status);
    }
  }

  private FleetSimulation(ClusterAccess access) {
    this.server = ClusterClient.of(access);
    this.api = ApiClient.of(access);
  }

  /** Prints a line for each phase. */
  public static void main(String[] args) throws Exception {
    int nodes = Integer.parseInt(args[2]);
    FleetSimulation simulation =
        new FleetSimulation(new ClusterAccess(args[0], args[1], "default", ""));
    simulation.makeNodes(nodes);
    simulation.run(nodes);
    System.exit(0);
  }

  private void makeNodes(int count) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> made = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Node node = new NodeBuilder().withNewMetadata().withName(name(i)).endMetadata().build();
        made.add(pool.submit(() -> server.nodes().resource(node).create()));
      }
      for (Future<?> each : made) {
        each.get();
      }
    }
  }

  private static int size(AgentNode object) {
    return ClusterClient.json(object).getBytes(StandardCharsets.UTF_8).length;
  }

  private static String name(int number) {
    return "ip-10-" + number / 250 + "-" + number % 250 + "-7.eu-west-1.compute.internal";
  }

  private void run(int nodes) throws Exception {
    for (int i = 0; i < nodes; i++) {
      AgentNodeReporter reporter =
          new AgentNodeReporter(
              new Counted(name(i)),
              this::report,
              new ApiCondition("An AgentNode is not kept", "It is kept again."),
              () -> Instant.ofEpochSecond(1_800_000_000).plusNanos(now),
              () -> now,
              new Random(i));
      reporters.add(reporter);
      turns.add(new Turn(random.nextLong(SPREAD.toNanos()), reporter));
    }
    phase("roll-out of all nodes at once", Duration.ofMinutes(5));
    phase("quiet hour", Duration.ofHours(1));
    fault = "the kernel's log cannot be read any more: EIO";
    phase("one module changes on all nodes at once", Duration.ofMinutes(5));
    long failures = reporters.stream().mapToLong(AgentNodeReporter::failures).sum();
    OUT.println("failed requests: " + failures);
  }

  private void phase(String name, Duration time) throws Exception {
    Map<String, Long> before = counted();
    perMinute.clear();
    sent.set(0);
    long wall = System.nanoTime();
    passUntil(now + time.toNanos());
    Map<String, Long> after = counted();
    StringBuilder line = new StringBuilder(name).append(": ");
    long all = perMinute.values().stream().mapToLong(AtomicLong::get).sum();
    long most = perMinute.values().stream().mapToLong(AtomicLong::get).max().orElse(0);
    line.append(all).append(" requests in ").append(time.toMinutes()).append(" min, ");
    line.append(most).append(" in the busiest minute, ");
    line.append(sent.get()).append(" bytes sent; server:");
    after.forEach((key, count) -> {
      long more = count - before.getOrDefault(key, 0L);
      if (more > 0) {
        line.append(' ').append(key).append('=').append(more);
      }
    });
    line.append("; took ").append(Duration.ofNanos(System.nanoTime() - wall).toMillis());
    OUT.println(line.append(" ms"));
  }

  /** All that is due within one virtual second is asked for at once. */
  private void passUntil(long end) throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      while (!turns.isEmpty() && turns.peek().at() < end) {
        now = Math.max(now, turns.peek().at());
        List<Future<Turn>> due = new ArrayList<>();
        while (!turns.isEmpty() && turns.peek().at() <= now + 1_000_000_000L) {
          Turn turn = turns.remove();
          due.add(
              pool.submit(() ->
                  new Turn(
                      Math.max(now, turn.at()) + turn.reporter().turn().toNanos(),
                      turn.reporter())));
        }
        for (Future<Turn> each : due) {
          turns.add(each.get());
        }
      }
    }
    now = end;
  }

  /** Returns what the server has counted, by verb, resource and code. */
  private Map<String, Long> counted() {
    Map<String, Long> counts = new TreeMap<>();
    Matcher sample = SAMPLE.matcher(server.raw("/metrics"));
    while (sample.find()) {
      Map<String, String> labels = new TreeMap<>();
      Matcher label = LABEL.matcher(sample.group(1));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
      String subresource = labels.getOrDefault("subresource", "");
      String key =
          labels.get("verb")
              + "/"
              + labels.get("resource")
              + (subresource.isEmpty() ? "" : "/" + subresource)
              + "/"
              + labels.get("code");
      counts.merge(key, (long) Double.parseDouble(sample.group(2)), Long::sum);
    }
    return counts;
  }

  private StatusReport report() {
    return new StatusReport(
        "0.1.0",
        "",
        Instant.EPOCH,
        "read-only",
        "remount",
        new StatusReport.User("smartagent", 998, 998, List.of(), false),
        CapabilitySet.of(List.of(Capability.CAP_SYSLOG)),
        CapabilitySet.NONE,
        modules(),
        new AttestationReport(List.of()),
        List.of(),
        true,
        ConfigurationReport.UNKNOWN);
  }

  private List<ModuleStatus> modules() {
    List<ModuleStatus> statuses = new ArrayList<>();
    for (ModulePlan plan : PLANS) {
      boolean broken = fault != null && plan.id().equals("host-events");
      HealthState state =
          plan.state() == ModuleState.DISABLED
              ? HealthState.DISABLED
              : broken ? HealthState.UNHEALTHY : HealthState.HEALTHY;
      statuses.add(
          new ModuleStatus(plan, new ModuleHealth(state, broken ? fault : null, null, null, 0)));
    }
    return statuses;
  }

  /** What a node without two of the documented capabilities says. */
  private static final List<ModulePlan> PLANS =
      new Situation()
          .without(Capability.CAP_SYS_PTRACE)
          .without(Capability.CAP_SYSLOG)
          .plan()
          .modules();
}
