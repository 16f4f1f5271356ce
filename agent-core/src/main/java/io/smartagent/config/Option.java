package io.smartagent.config;

import io.smartagent.module.Variable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of the launcher and of the agent itself. {@link Variables} has the settings of
 * modules too.
 */
public enum Option implements Variable {
  USER(
      "--user",
      "SMARTAGENT_USER",
      "NAME|UID[:GID]",
      null,
      "user of the host that the agent runs as; without it smartagent, who is made where the host's"
          + " /etc is mounted writable, else root"),
  NON_ROOT_MODE(
      "--non-root-mode",
      "SMARTAGENT_NON_ROOT_MODE",
      "true|false",
      "true",
      "false runs the agent as root, with the same few capabilities"),
  MODE(
      "--mode",
      "SMARTAGENT_MODE",
      "auto|full|read-only|minimal",
      "auto",
      "what the agent sees of the host; auto is minimal where SMARTAGENT_ENABLE_MINIMAL_MOUNT is"
          + " true, else read-only where /mnt/root is mounted read-only"),
  MODULES(
      "--modules",
      "SMARTAGENT_MODULES",
      "auto|none|LIST",
      "auto",
      "modules to run, separated by commas; auto runs every one that can, none keeps SYS_ADMIN"
          + " unless it is named too, as in auto,kernel-stacks, and !NAME leaves one out"),
  REQUIRE(
      "--require",
      "SMARTAGENT_REQUIRE",
      "LIST",
      "",
      "modules without which the agent does not start"),
  CAPABILITIES(
      "--capabilities",
      "SMARTAGENT_CAPABILITIES",
      "auto|none|LIST",
      "auto",
      "capabilities that the command of run, or an agent that was installed, keeps; auto keeps"
          + " those of the enabled modules"),
  STRICT(
      "--strict",
      "SMARTAGENT_STRICT",
      null,
      "false",
      "refuse to start instead of falling back to root"),
  INSTALL_PATH(
      null,
      "SMARTAGENT_INSTALL_PATH",
      "PATH",
      "/opt",
      "installation directory on the host, writable; the agent's part is PATH/smartagent"),
  RUNTIME_PATH(
      null,
      "SMARTAGENT_RUNTIME_PATH",
      "PATH",
      "/var/lib",
      "where on the host the runtime data directory is: PATH/bonree, writable"),
  NO_REMOUNT_ROOT(
      null,
      "SMARTAGENT_NO_REMOUNT_ROOT",
      "true|false",
      "false",
      "true leaves the mounts as the YAML made them; needed without SYS_ADMIN"),
  ENABLE_MINIMAL_MOUNT(
      null,
      "SMARTAGENT_ENABLE_MINIMAL_MOUNT",
      "true|false",
      "false",
      "true is mode minimal where --mode is auto: of the host, only what an agent needs is shown"),
  CONFIG_PATH(
      null,
      "SMARTAGENT_CONFIG_PATH",
      "PATH",
      "",
      "directory of the host, such as a mounted ConfigMap, whose files change settings of modules"
          + " while the agent runs; config in the runtime data directory where nothing is set"),
  CONFIG_MAP(
      null,
      "SMARTAGENT_CONFIG_MAP",
      "NAME",
      "",
      "ConfigMap in the pod's namespace that is watched instead of that directory"),
  KUBERNETES_EVENTS(
      null,
      "SMARTAGENT_KUBERNETES_EVENTS",
      "true|false",
      "true",
      "false makes no Kubernetes Events of host-events and of the agent's own"),
  AGENT_NODE(
      null,
      "SMARTAGENT_AGENT_NODE",
      "true|false",
      "true",
      "false keeps no AgentNode, so that kubectl get agentnodes and fleet do not know the node"),
  AGENT_NODE_SPREAD_SECONDS(
      null,
      "SMARTAGENT_AGENT_NODE_SPREAD_SECONDS",
      "SECONDS",
      "60",
      "agents that start together first write their AgentNodes at random times within this period"),
  STATUS_ADDRESS(
      null,
      "SMARTAGENT_STATUS_ADDRESS",
      "IP:PORT",
      "127.0.0.1:9871",
      "where /healthz, /readyz, /metrics, /status and the page at / are served"),
  EVENTS(
      "--events",
      "SMARTAGENT_EVENTS",
      "json|text",
      "json",
      "how the agent writes events to standard output: json is one object in a line; text is for"
          + " people, one line in words for an event, and frequent, less important ones as counts"),
  LOG_LEVEL(
      null,
      "SMARTAGENT_LOG_LEVEL",
      "info|debug",
      "info",
      "debug shows what a module that failed was doing"),
  INSTALLER_SCRIPT_URL(
      null,
      "SMARTAGENT_INSTALLER_SCRIPT_URL",
      "URL",
      "",
      "https address of a script that installs another agent into the installation directory; what"
          + " it has installed is started"),
  INSTALLER_DOWNLOAD_TOKEN(
      null,
      "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN",
      "TOKEN",
      "",
      "bearer token for that address; never shown, never passed on"),
  INSTALLER_SKIP_CERT_CHECK(
      null,
      "SMARTAGENT_INSTALLER_SKIP_CERT_CHECK",
      "true|false",
      "false",
      "true trusts any certificate of that address"),
  INSTALLER_CA_FILE(
      null,
      "SMARTAGENT_INSTALLER_CA_FILE",
      "PATH",
      "",
      "file of the container with more certificates (PEM) to trust there"),
  INSTALLER_SHA256(
      null,
      "SMARTAGENT_INSTALLER_SHA256",
      "DIGEST",
      "",
      "the SHA-256 that the script must have, 64 hexadecimal digits; what is installed with it"
          + " already needs no download"),
  INSTALLER_TIMEOUT_SECONDS(
      null,
      "SMARTAGENT_INSTALLER_TIMEOUT_SECONDS",
      "SECONDS",
      "600",
      "how long the script may run"),
  INSTALLER_RUN(
      null,
      "SMARTAGENT_INSTALLER_RUN",
      "changed|always",
      "changed",
      "changed runs the script only where it, or what it installed, is not as at the last start"),
  AGENT_COMMAND(
      null,
      "SMARTAGENT_AGENT_COMMAND",
      "COMMAND",
      "bin/start",
      "what to start of what the script has installed, with arguments: an absolute path, or one"
          + " below its own directory"),
  NODE_NAME(null, "K8S_NODE_NAME", "NAME", "", "name of the Kubernetes node"),
  NAMESPACE(null, "POD_NAMESPACE", "NAME", "", "Kubernetes namespace of the agent's pod");

  private final @Nullable String flag;
  private final String variable;
  private final @Nullable String argument;
  private final @Nullable String defaultText;
  private final String help;

  Option(
      @Nullable String flag,
      String variable,
      @Nullable String argument,
      @Nullable String defaultText,
      String help) {
    this.flag = flag;
    this.variable = variable;
    this.argument = argument;
    this.defaultText = defaultText;
    this.help = help;
  }

  @Override
  public @Nullable String flag() {
    return flag;
  }

  @Override
  public String variable() {
    return variable;
  }

  @Override
  public @Nullable String argument() {
    return argument;
  }

  @Override
  public @Nullable String defaultText() {
    return defaultText;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public boolean isSecret() {
    return this == INSTALLER_DOWNLOAD_TOKEN;
  }

  /** Live is what concerns modules only, and needs no more of the host than the launch decided. */
  @Override
  public boolean isLive() {
    return this == MODULES || this == LOG_LEVEL;
  }

  /** Returns the option that is written {@code flag} on the command line. */
  public static Optional<Option> ofFlag(String flag) {
    for (Option option : values()) {
      if (flag.equals(option.flag)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}
