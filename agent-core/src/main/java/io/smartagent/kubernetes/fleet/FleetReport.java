package io.smartagent.kubernetes.fleet;

import io.smartagent.kubernetes.node.AgentNodeStatus;
import io.smartagent.kubernetes.node.AgentNodeStatus.Module;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of a fleet, and what blocks it: nodes that report the same are grouped.
 *
 * @param nodes how many have an AgentNode
 * @param ready how many are ready, not ready, and have ended
 * @param silent nodes whose AgentNode has no status yet, sorted
 * @param modes how many nodes are in each, most first
 * @param versions how many nodes have each, most first
 * @param users how many nodes' agents run as each, most first
 * @param notReady why nodes are not ready, most nodes first
 * @param modules what is on how many nodes, by id
 * @param blocks what blocks modules, most nodes first
 * @param failures of modules that run, most nodes first
 */
public record FleetReport(
    int nodes,
    Readiness ready,
    List<String> silent,
    Map<String, Integer> modes,
    Map<String, Integer> versions,
    Map<String, Integer> users,
    List<NotReady> notReady,
    SortedMap<String, ModuleCounts> modules,
    List<Block> blocks,
    List<ModuleFailure> failures) {

  private static final String UNHEALTHY = "unhealthy";

  /**
   * How many agents do their work.
   *
   * @param yes that do
   * @param no that do not
   * @param ended that were shut down and report nothing
   */
  public record Readiness(int yes, int no, int ended) {}

  /**
   * How many nodes have a module in each state.
   *
   * @param enabled that see all
   * @param degraded that see less
   * @param disabled that do not run it
   */
  public record ModuleCounts(int enabled, int degraded, int disabled) {}

  /**
   * Why agents are not ready.
   *
   * @param reason in one word
   * @param message of the first of these nodes
   * @param nodes sorted
   */
  public record NotReady(String reason, String message, List<String> nodes) {}

  /**
   * What keeps a module from seeing all.
   *
   * @param module its id
   * @param state {@code degraded} or {@code disabled}
   * @param missing what it lacks; null where it lacks nothing
   * @param blockedBy what denies it; null if nothing does
   * @param effect what cannot be seen; null where nothing is known of that
   * @param remedy the YAML that would enable it; null where none would
   * @param nodes sorted
   */
  public record Block(
      String module,
      String state,
      @Nullable String missing,
      @Nullable String blockedBy,
      @Nullable String effect,
      @Nullable String remedy,
      List<String> nodes) {}

  /**
   * A module that runs, or tries to, and is not well.
   *
   * @param module its id
   * @param error its last error
   * @param nodes sorted
   */
  public record ModuleFailure(String module, String error, List<String> nodes) {}

  private record BlockKey(
      String module,
      String state,
      @Nullable String missing,
      @Nullable String blockedBy,
      @Nullable String effect,
      @Nullable String remedy) {}

  private record FailureKey(String module, String error) {}

  private record NotReadyKey(String reason, String message) {}

  /** A node and something that it reports. */
  private record Reported<T>(String node, T what) {}

  /**
   * Returns a summary of what the nodes report.
   *
   * @param fleet in any order
   */
  public static FleetReport of(List<FleetNode> fleet) {
    List<FleetNode> sorted = fleet.stream().sorted(Comparator.comparing(FleetNode::name)).toList();
    List<Reported<AgentNodeStatus>> statuses = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    List<Reported<Module>> modules = new ArrayList<>();
    for (FleetNode node : sorted) {
      AgentNodeStatus status = node.status();
      if (status == null) {
        silent.add(node.name());
        continue;
      }
      statuses.add(new Reported<>(node.name(), status));
      status.modules().forEach(module -> modules.add(new Reported<>(node.name(), module)));
    }
    return new FleetReport(
        fleet.size(),
        new Readiness(
            count(statuses, Truth.TRUE),
            count(statuses, Truth.FALSE),
            count(statuses, Truth.UNKNOWN)),
        silent,
        count(statuses, AgentNodeStatus::mode),
        count(statuses, AgentNodeStatus::version),
        count(statuses, status -> status.user().name()),
        notReady(statuses),
        counts(modules),
        blocks(modules),
        failures(modules));
  }

  private static int count(List<Reported<AgentNodeStatus>> statuses, Truth ready) {
    return (int) statuses.stream().filter(each -> each.what().ready().status() == ready).count();
  }

  private static Map<String, Integer> count(
      List<Reported<AgentNodeStatus>> statuses, Function<AgentNodeStatus, String> field) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    group(statuses, field).forEach((value, nodes) -> counts.put(value, nodes.size()));
    return counts;
  }

  private static List<NotReady> notReady(List<Reported<AgentNodeStatus>> statuses) {
    List<Reported<AgentNodeStatus>> notReady =
        statuses.stream().filter(each -> each.what().ready().status() == Truth.FALSE).toList();
    List<NotReady> groups = new ArrayList<>();
    group(notReady, status -> new NotReadyKey(status.ready().reason(), status.ready().message()))
        .forEach((key, nodes) -> groups.add(new NotReady(key.reason(), key.message(), nodes)));
    return groups;
  }

  private static SortedMap<String, ModuleCounts> counts(List<Reported<Module>> modules) {
    SortedMap<String, ModuleCounts> counts = new TreeMap<>();
    for (Reported<Module> each : modules) {
      ModuleCounts one =
          switch (each.what().state()) {
            case "enabled" -> new ModuleCounts(1, 0, 0);
            case "degraded" -> new ModuleCounts(0, 1, 0);
            default -> new ModuleCounts(0, 0, 1);
          };
      counts.merge(
          each.what().id(),
          one,
          (sum, more) ->
              new ModuleCounts(
                  sum.enabled() + more.enabled(),
                  sum.degraded() + more.degraded(),
                  sum.disabled() + more.disabled()));
    }
    return counts;
  }

  private static List<Block> blocks(List<Reported<Module>> modules) {
    List<Reported<Module>> blocked =
        modules.stream().filter(each -> !each.what().state().equals("enabled")).toList();
    List<Block> blocks = new ArrayList<>();
    group(
            blocked,
            module ->
                new BlockKey(
                    module.id(),
                    module.state(),
                    module.missing(),
                    module.blockedBy(),
                    module.effect(),
                    module.remedy()))
        .forEach((key, nodes) ->
            blocks.add(
                new Block(
                    key.module(),
                    key.state(),
                    key.missing(),
                    key.blockedBy(),
                    key.effect(),
                    key.remedy(),
                    nodes)));
    return blocks;
  }

  private static List<ModuleFailure> failures(List<Reported<Module>> modules) {
    List<Reported<Module>> unwell =
        modules.stream().filter(each -> each.what().health().equals(UNHEALTHY)).toList();
    List<ModuleFailure> failures = new ArrayList<>();
    group(unwell, module -> new FailureKey(module.id(), text(module.lastError())))
        .forEach((key, nodes) -> failures.add(new ModuleFailure(key.module(), key.error(), nodes)));
    return failures;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Returns the nodes by what they report: most nodes first, else in the order of the nodes. */
  private static <T, K> Map<K, List<String>> group(List<Reported<T>> all, Function<T, K> key) {
    Map<K, List<String>> nodes = new LinkedHashMap<>();
    for (Reported<T> each : all) {
      nodes.computeIfAbsent(key.apply(each.what()), any -> new ArrayList<>()).add(each.node());
    }
    Map<K, List<String>> sorted = new LinkedHashMap<>();
    nodes.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<K, List<String>> entry) -> -entry.getValue().size()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }
}
