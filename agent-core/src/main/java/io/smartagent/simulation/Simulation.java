package io.smartagent.simulation;

import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFiles;
import io.smartagent.kernel.Kernel;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container that is not here: the facts that a probe and a reader of its host would find. */
public final class Simulation {

  private final AssumedProbe probe;
  private final HostFiles host;
  private final List<SettingValue> assumptions;
  private final List<Problem> problems;
  private final boolean pod;

  Simulation(
      AssumedProbe probe,
      HostFiles host,
      List<SettingValue> assumptions,
      List<Problem> problems,
      boolean pod) {
    this.probe = probe;
    this.host = host;
    this.assumptions = List.copyOf(assumptions);
    this.problems = List.copyOf(problems);
    this.pod = pod;
  }

  /** Returns the keys of {@code --assume}, with the values that each takes, for people. */
  public static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (AssumptionKey key : AssumptionKey.values()) {
      keys.put(key.id(), key.accepted());
    }
    return keys;
  }

  /**
   * Returns the container that is described. A value that is not valid is replaced by what would be
   * assumed without it.
   *
   * @param texts of {@code --assume}, each {@code KEY=VALUE,...}
   * @param here what this container may do, where a host's root is mounted into it
   * @param settings whose directories and user the host is assumed to have
   * @param kernel the real one
   */
  public static Simulation of(
      List<String> texts, Optional<ContainerFacts> here, Settings settings, Kernel kernel) {
    return AssumptionParser.parse(texts, here, settings, kernel);
  }

  /**
   * Returns what the container may do.
   *
   * @param question where a ServiceAccount is looked for
   */
  public ContainerFacts container(ClusterQuestion question) {
    return probe.facts(question);
  }

  /** Returns where facts about the host are read. */
  public HostFiles host() {
    return host;
  }

  /**
   * Returns everything that was assumed, each with where it came from: {@code --assume}, {@code
   * here}, {@code default} or the assumption that it follows from.
   */
  public List<SettingValue> assumptions() {
    return assumptions;
  }

  /** Returns what is wrong with the description. */
  public List<Problem> problems() {
    return problems;
  }

  /** Returns the environment that the container has: kubelet adds to a pod's. */
  public Map<String, String> environment(Map<String, String> given) {
    if (!pod || given.containsKey(ClusterQuestion.HOST_VARIABLE)) {
      return given;
    }
    Map<String, String> environment = new HashMap<>(given);
    environment.put(ClusterQuestion.HOST_VARIABLE, "kubernetes.default.svc");
    return environment;
  }
}
