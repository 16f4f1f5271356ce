package io.smartagent.kubernetes.audit;

import io.smartagent.config.Command;
import io.smartagent.config.CommandLine;
import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.config.UserSpec;
import io.smartagent.config.Variables;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.manifest.DaemonSetPlan;
import io.smartagent.kubernetes.manifest.DaemonSetPlanner;
import io.smartagent.kubernetes.manifest.ManifestOption;
import io.smartagent.kubernetes.manifest.ManifestOptionsParser;
import io.smartagent.kubernetes.yaml.YamlWriter;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.Variable;
import io.smartagent.modules.ModuleCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A container that this program is the entry point of. Its settings, as the launch reads them, are
 * what {@code manifest} takes, so its least securityContext is the one that would be printed for
 * them.
 */
final class SmartAgentContainer {

  private static final String HOST_ROOT = "/mnt/root";
  private static final String ENV_FROM = "envFrom";
  private static final String ANYWHERE = "nobody";

  /** They change nothing of what the container needs. */
  private static final Set<Variable> WITHOUT_CONSEQUENCES =
      Set.of(Option.NODE_NAME, Option.NAMESPACE, Option.INSTALLER_DOWNLOAD_TOKEN);

  private static final Variables VARIABLES = Variables.of(ModuleCatalog.modules());

  private final Container container;
  private final Command command;
  private final List<Problem> problems;
  private final Settings settings;
  private final DaemonSetPlan plan;

  private SmartAgentContainer(Container container, Command command, List<String> options) {
    List<ModuleDefinition> catalog = ModuleCatalog.modules();
    CommandLine line = CommandLine.parse(command, options);
    SettingsParser.Result parsed =
        SettingsParser.parse(line.options(), container.environment(), catalog);
    this.container = container;
    this.command = command;
    this.settings = parsed.settings();
    this.problems = Stream.concat(line.problems().stream(), parsed.problems().stream()).toList();
    this.plan =
        DaemonSetPlanner.plan(
                ManifestOptionsParser.parse(manifestWords(), catalog).options(), catalog)
            .adding(keptByName(), "the agent that it starts, by --capabilities");
  }

  /**
   * Returns it where {@code container} is one: it has the host's root, or a part of it, at {@code
   * /mnt/root}, and the arguments or variables of this program.
   */
  static Optional<SmartAgentContainer> of(Container container) {
    boolean hostRoot =
        container.mounts().stream()
            .anyMatch(mount ->
                mount.hostPath() != null && HostPaths.contains(HOST_ROOT, mount.mountPath()));
    if (!hostRoot) {
      return Optional.empty();
    }
    List<String> words = VariableReferences.expand(container.command(), container.environment());
    for (int i = 0; i < words.size(); i++) {
      boolean named =
          words.get(i).equals(Command.CONFIG.id())
              || (words.get(i).equals(Command.RUN.id()) && words.contains("--"));
      if (named) {
        boolean runs = words.get(i).equals(Command.RUN.id());
        Command command = runs ? Command.RUN : Command.CONFIG;
        return Optional.of(
            new SmartAgentContainer(container, command, words.subList(i + 1, words.size())));
      }
    }
    return VARIABLES.names().stream().anyMatch(container.environment()::containsKey)
        ? Optional.of(new SmartAgentContainer(container, Command.CONFIG, List.of()))
        : Optional.empty();
  }

  /** Returns its settings as the words behind {@code manifest}. */
  private List<String> manifestWords() {
    List<String> words = new ArrayList<>(List.of(ManifestOption.UNPRIVILEGED.flag()));
    add(words, ManifestOption.MODE, mode().id());
    add(
        words,
        ManifestOption.MODULES,
        isKeptByName() ? "none" : settings.selections().modules().text());
    add(
        words,
        ManifestOption.NON_ROOT_MODE,
        Boolean.toString(settings.identity().nonRootMode() && !namesRoot()));
    add(words, ManifestOption.NO_REMOUNT, Boolean.toString(settings.root().noRemountRoot()));
    if (lacksUser()) {
      add(words, ManifestOption.USER, ANYWHERE);
    } else {
      settings
          .identity()
          .user()
          .filter(user -> !user.isRoot())
          .ifPresent(user -> add(words, ManifestOption.USER, user.toString()));
    }
    if (settings.installer().isPresent()) {
      add(words, ManifestOption.INSTALLER_URL, settings.valueOf(Option.INSTALLER_SCRIPT_URL));
    }
    return words;
  }

  private static void add(List<String> words, ManifestOption option, String value) {
    words.add(option.flag() + "=" + value);
  }

  private Mode mode() {
    if (settings.root().mode() != Mode.AUTO) {
      return settings.root().mode();
    }
    return isWritable(HOST_ROOT) ? Mode.FULL : Mode.READ_ONLY;
  }

  private boolean isWritable(String mountPath) {
    return container.mounts().stream()
        .anyMatch(mount -> mount.mountPath().equals(mountPath) && !mount.readOnly());
  }

  /** No user is named, and the launch cannot have one made. */
  private boolean lacksUser() {
    boolean makesUser =
        mode() != Mode.MINIMAL
            && !settings.root().noRemountRoot()
            && (isWritable(HOST_ROOT) || isWritable(HOST_ROOT + "/etc"));
    return settings.identity().user().isEmpty() && settings.identity().nonRootMode() && !makesUser;
  }

  /** The built-in agent keeps what its modules need, whatever is named. */
  private boolean isKeptByName() {
    boolean startsAnother = command == Command.RUN || settings.installer().isPresent();
    return startsAnother && !settings.selections().capabilities().auto();
  }

  private CapabilitySet keptByName() {
    return isKeptByName()
        ? CapabilitySet.of(
            settings.selections().capabilities().names().stream()
                .map(Capability::parse)
                .flatMap(Optional::stream)
                .toList())
        : CapabilitySet.NONE;
  }

  /** Returns the capabilities that the launch and the modules need, and no more. */
  CapabilitySet capabilities() {
    return CapabilitySet.of(List.copyOf(plan.capabilities().keySet()));
  }

  /** Returns whether all is known that the securityContext depends on. */
  boolean isExact() {
    return refused().isEmpty() && elsewhere().isEmpty();
  }

  private boolean namesRoot() {
    return settings.identity().user().filter(UserSpec::isRoot).isPresent();
  }

  /** Where not all settings are known, nothing is known to be wrong with them. */
  private List<String> refused() {
    List<String> refused = new ArrayList<>();
    if (!elsewhere().isEmpty()) {
      return refused;
    }
    problems.forEach(problem -> refused.add(problem.fault()));
    if (namesRoot() && settings.identity().nonRootMode()) {
      refused.add("The user that is named is root, and --non-root-mode is not false.");
    }
    return refused;
  }

  private List<String> elsewhere() {
    return container.indirect().stream()
        .filter(name ->
            name.equals(ENV_FROM)
                || container.command().stream().anyMatch(word -> word.contains("$(" + name + ")"))
                || VARIABLES
                    .find(name)
                    .filter(option -> !WITHOUT_CONSEQUENCES.contains(option))
                    .isPresent())
        .toList();
  }

  /** Returns why these, as sentences. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    reasons.add("It is this program: what the launch and its modules need is known.");
    reasons.add(
        plan.remounts()
            ? "SYS_ADMIN is for the launch's mounts; with SMARTAGENT_NO_REMOUNT_ROOT=true it can go"
                + " too."
            : "SMARTAGENT_NO_REMOUNT_ROOT is true, so the launch needs no mount.");
    refused()
        .forEach(fault -> reasons.add("The launch refuses to start with these settings: " + fault));
    elsewhere()
        .forEach(name ->
            reasons.add(
                "The value of " + name + " is not in the manifest, so it is not looked at."));
    if (lacksUser()) {
      reasons.add(
          "No user is named, and none can be made in the host's /etc as it is mounted: add --user "
              + ANYWHERE
              + ", or another user of every host, or the agent may stay root.");
    }
    plan.notes().forEach(reasons::add);
    return reasons;
  }

  /** Returns the least securityContext as lines of YAML. */
  List<String> securityContext() {
    return YamlWriter.wrapComments(plan.securityContext()).lines().toList();
  }
}
