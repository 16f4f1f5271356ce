package io.smartagent.simulation;

import io.smartagent.config.Problem;
import io.smartagent.config.Setting;
import io.smartagent.config.Settings;
import io.smartagent.kernel.Kernel;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that is not here.
 *
 * @param container the kernel to probe
 * @param host the kernel to read the host's root with
 * @param assumptions what both are made of, each with where it came from: {@code --assume}, {@code
 *     here}, {@code default} or the assumption that it follows from
 * @param problems what is wrong with the description
 * @param pod whether it is a pod's
 */
public record Simulation(
    Kernel container, Kernel host, List<Setting> assumptions, List<Problem> problems, boolean pod) {

  /** Copies the lists. */
  public Simulation {
    assumptions = List.copyOf(assumptions);
    problems = List.copyOf(problems);
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
   * Returns the container that is described. What is wrong is replaced by what is assumed without a
   * word.
   *
   * @param texts of {@code --assume}, each {@code KEY=VALUE,...}
   * @param here what this container may do, where a host's root is mounted into it
   * @param settings whose directories and user the host is assumed to have
   * @param kernel the real one
   */
  public static Simulation of(
      List<String> texts, Optional<ContainerFacts> here, Settings settings, Kernel kernel) {
    AssumptionParser.Result parsed = AssumptionParser.parse(texts, here, settings, kernel);
    Kernel assumed = new AssumedKernel(parsed.container(), kernel);
    return new Simulation(
        assumed,
        parsed.container().hostIsHere() ? kernel : assumed,
        parsed.container().assumptions(),
        parsed.problems(),
        !parsed.container().accountFile().isEmpty());
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
