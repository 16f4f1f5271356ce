package io.smartagent.module;

import java.util.Optional;

/** The settings that more than one module has. */
public final class SharedSettings {

  /** Where container runtimes keep their state. */
  public static final Setting<ContainerRoots> CONTAINER_ROOTS =
      Setting.of(
          "CONTAINER_ROOTS",
          new RootsFormat(),
          "",
          "where container runtimes keep their state, beside the usual places; RUNTIME is"
              + " containerd, cri-o, crun, docker, podman or runc");

  /** Which pods' logs are reported, by their labels. */
  public static final Setting<LabelSelector> LOG_PODS =
      Setting.of(
          "LOG_PODS",
          new SelectorFormat(),
          "",
          "labels of the pods whose logs log-discovery reports, in Kubernetes' own syntax: app=web,"
              + " tier!=cache, env in (a,b), !debug, separated by commas; a pod's annotation"
              + " smartagent.io/logs: \"true\" or \"false\" takes precedence");

  /** Which pods' logs are reported, by their namespaces. */
  public static final Setting<NamespaceSelection> LOG_NAMESPACES =
      Setting.of(
          "LOG_NAMESPACES",
          new NamespacesFormat(),
          "",
          "namespaces of the pods whose logs log-discovery reports; NAME may end with *, and !NAME"
              + " leaves one out");

  /** Whether logs of unknown pods are reported. */
  public static final Setting<String> LOG_UNKNOWN_PODS =
      Setting.choice(
          "LOG_UNKNOWN_PODS",
          LogFilter.INCLUDE,
          LogFilter.EXCLUDE,
          "whether log-discovery reports the logs of pods whose labels and annotations are not"
              + " known");

  static final long MEBIBYTE = 1 << 20;

  /** The total limit of all results. */
  public static final Setting<Integer> RESULTS_MEBIBYTES =
      Setting.integer(
          "RESULTS_MEBIBYTES",
          1,
          10_240,
          64,
          "size of all results that modules write, such as profiles; the oldest are removed");

  private SharedSettings() {}

  private static final class RootsFormat implements SettingFormat<ContainerRoots> {

    @Override
    public String argument() {
      return "RUNTIME=PATH,...";
    }

    @Override
    public String accepted() {
      return "RUNTIME=PATH, separated by commas, where RUNTIME is "
          + String.join(", ", ContainerRoots.RUNTIMES)
          + " and PATH an absolute path of the host below \"/\", without \"..\"";
    }

    @Override
    public Optional<ContainerRoots> parse(String text) {
      return ContainerRoots.parse(text);
    }
  }

  private static final class SelectorFormat implements SettingFormat<LabelSelector> {

    @Override
    public String argument() {
      return "SELECTOR";
    }

    @Override
    public String accepted() {
      return "a label selector as kubectl takes it, such as \"app=web,tier!=cache,env in"
          + " (a,b),!debug\"";
    }

    @Override
    public Optional<LabelSelector> parse(String text) {
      return LabelSelector.parse(text);
    }
  }

  private static final class NamespacesFormat implements SettingFormat<NamespaceSelection> {

    @Override
    public String argument() {
      return "NAME,...";
    }

    @Override
    public String accepted() {
      return "names of namespaces, separated by commas; each may end with \"*\", and start with"
          + " \"!\" to be left out";
    }

    @Override
    public Optional<NamespaceSelection> parse(String text) {
      return NamespaceSelection.parse(text);
    }
  }
}
