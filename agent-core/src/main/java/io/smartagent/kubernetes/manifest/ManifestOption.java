package io.smartagent.kubernetes.manifest;

import io.smartagent.config.Option;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.Variable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The options of {@code manifest}: parser, help and documentation are made from them. */
public enum ManifestOption {
  MODE(
      "--mode",
      "full|read-only|minimal",
      "read-only",
      "what the agent sees of the host, and so what is mounted"),
  PRIVILEGED(
      "--privileged", null, "", "a privileged container: all capabilities and devices (default)"),
  UNPRIVILEGED(
      "--unprivileged", null, "", "only the capabilities that the launch and the modules need"),
  WITHOUT(
      "--without",
      "CAP...",
      "",
      "capabilities that it must not have, separated by commas or blanks; implies --unprivileged"),
  MODULES("--modules", "auto|none|LIST", "auto", "modules to run, as of config"),
  USER(
      "--user",
      "NAME|UID[:GID]",
      "",
      "user of the hosts that the agent becomes; by default smartagent, which is created where"
          + " possible, else nobody"),
  NON_ROOT_MODE("--non-root-mode", "true|false", "true", "false runs the agent as root"),
  IMAGE("--image", "REFERENCE", "smartagent:dev", "image of the agent"),
  IMAGE_PULL_SECRET("--image-pull-secret", "NAME", "", "Secret to pull the image with"),
  NAME("--name", "NAME", "smartagent", "name of all objects"),
  NAMESPACE(
      "--namespace", "NAME", "smartagent", "namespace of the agent; it is made only by default"),
  CREATE_NAMESPACE(
      "--create-namespace",
      null,
      "",
      "make the namespace that is named too, with the label that admits privileged pods"),
  INSTALL_PATH("--install-path", "PATH", "/opt", "installation directory on the hosts"),
  RUNTIME_PATH(
      "--runtime-path",
      "PATH",
      "/var/lib",
      "where on the hosts the runtime data directory is: PATH/bonree"),
  CONTAINER_ROOT(
      "--container-root",
      "RUNTIME=PATH",
      "",
      "where a container runtime keeps its state, if not in the usual place; may be given several"
          + " times"),
  CRIO("--crio", null, "", "nodes run CRI-O: its directories are mounted in mode minimal"),
  NO_REMOUNT(
      "--no-remount",
      null,
      "",
      "leave the mounts as the manifest makes them; follows from --without SYS_ADMIN"),
  FEATURES(
      "--features",
      "all|none|LIST",
      "all",
      "uses of Kubernetes' API: kubernetes-attributes, config-map, events, agent-node"),
  NO_ADMISSION_POLICY(
      "--no-admission-policy",
      null,
      "",
      "make no ValidatingAdmissionPolicy, which Kubernetes before 1.30 does not have: any agent's"
          + " token may write the AgentNode of any node then"),
  CONFIG_MAP("--config-map", "NAME", "", "ConfigMap with settings of modules (the name of all)"),
  STATUS_ADDRESS(
      "--status-address", "IP:PORT", "127.0.0.1:9871", "where probes and metrics are served"),
  INSTALLER_URL(
      "--installer-url", "URL", "", "script that installs another agent, which is started then"),
  INSTALLER_TOKEN_SECRET(
      "--installer-token-secret", "NAME/KEY", "", "Secret with the bearer token for that address"),
  INSTALLER_SHA256("--installer-sha256", "DIGEST", "", "the SHA-256 that the script must have"),
  INSTALLER_SKIP_CERT_CHECK(
      "--installer-skip-cert-check", null, "", "trust any certificate of that address"),
  TOLERATIONS("--tolerations", "all|none", "all", "whether it runs on tainted nodes"),
  PRIORITY_CLASS(
      "--priority-class",
      "none|NAME",
      "system-node-critical",
      "priority of the pods; outside of kube-system some clusters allow the default one only with a"
          + " ResourceQuota"),
  CPU("--cpu", "REQUEST[:LIMIT]", ResourceRequest.CPU.toString(), "CPU"),
  MEMORY("--memory", "REQUEST[:LIMIT]", ResourceRequest.MEMORY.toString(), "memory"),
  MAX_UNAVAILABLE(
      "--max-unavailable",
      "NUMBER|PERCENT",
      "10%",
      "nodes that may be without it during an update"),
  FORMAT("--format", "yaml|json", "yaml", "with comments, or for programs");

  private final String flag;
  private final @Nullable String argument;
  private final String defaultText;
  private final String help;

  ManifestOption(String flag, @Nullable String argument, String defaultText, String help) {
    this.flag = flag;
    this.argument = argument;
    this.defaultText = defaultText;
    this.help = help;
  }

  /** Returns how it is written on the command line. */
  public String flag() {
    return flag;
  }

  /** Returns its argument, as help shows it; null without one. */
  public @Nullable String argument() {
    return argument;
  }

  /** Returns the value where it is not given, empty for none. */
  public String defaultText() {
    return defaultText;
  }

  /** Returns what it does, for people. */
  public String help() {
    return help;
  }

  /** Returns the setting of the agent that it becomes; empty where it becomes none. */
  public Optional<Variable> setting() {
    return switch (this) {
      case MODE -> Optional.of(Option.MODE);
      case MODULES -> Optional.of(Option.MODULES);
      case USER -> Optional.of(Option.USER);
      case NON_ROOT_MODE -> Optional.of(Option.NON_ROOT_MODE);
      case INSTALL_PATH -> Optional.of(Option.INSTALL_PATH);
      case RUNTIME_PATH -> Optional.of(Option.RUNTIME_PATH);
      case CONTAINER_ROOT -> Optional.of(SharedSettings.CONTAINER_ROOTS);
      case STATUS_ADDRESS -> Optional.of(Option.STATUS_ADDRESS);
      case INSTALLER_URL -> Optional.of(Option.INSTALLER_SCRIPT_URL);
      case INSTALLER_SHA256 -> Optional.of(Option.INSTALLER_SHA256);
      case PRIVILEGED,
          UNPRIVILEGED,
          WITHOUT,
          IMAGE,
          IMAGE_PULL_SECRET,
          NAME,
          NAMESPACE,
          CREATE_NAMESPACE,
          CRIO,
          NO_REMOUNT,
          FEATURES,
          NO_ADMISSION_POLICY,
          CONFIG_MAP,
          INSTALLER_TOKEN_SECRET,
          INSTALLER_SKIP_CERT_CHECK,
          TOLERATIONS,
          PRIORITY_CLASS,
          CPU,
          MEMORY,
          MAX_UNAVAILABLE,
          FORMAT ->
          Optional.empty();
    };
  }

  /** Returns the option that is written {@code flag}. */
  static Optional<ManifestOption> of(String flag) {
    return List.of(values()).stream().filter(option -> option.flag.equals(flag)).findFirst();
  }
}
