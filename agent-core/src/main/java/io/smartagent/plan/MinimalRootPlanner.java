package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalFacts.MissingCommand;
import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.host.ShownEntry;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;
import java.util.TreeSet;

/** Decides whether mode minimal is possible, and how its root is made. Pure. */
final class MinimalRootPlanner {

  private static final String OTHER_MODE =
      "mode read-only, which shows all of the host: set SMARTAGENT_ENABLE_MINIMAL_MOUNT to"
          + " \"false\", leave --mode out, and mount the host's root:\n"
          + "volumes:\n- name: host-root\n  hostPath: {path: /}\n"
          + "volumeMounts:\n- name: host-root\n  mountPath: /mnt/root\n  readOnly: true";

  private final Settings settings;
  private final HostFacts host;
  private final MinimalFacts facts;
  private final Target target;
  private final Findings findings;

  MinimalRootPlanner(Settings settings, HostFacts host, Target target, Findings findings) {
    this.settings = settings;
    this.host = host;
    this.facts = host.layout().minimal();
    this.target = target;
    this.findings = findings;
  }

  /** Finds what is wrong with it. */
  void check() {
    checkSelinux();
    checkWholeRoot();
    checkMounted("Installation directory", host.directories().install());
    checkMounted("Runtime directory", host.directories().runtime());
    checkCommands();
  }

  /** Its policies allow a container to use the labels of few of the host's directories. */
  private void checkSelinux() {
    facts
        .enforcing()
        .ifPresent(file ->
            findings.problem(
                Problem.configuration(
                    "Mode minimal is asked for, but SELinux enforces its policy (\""
                        + file
                        + "\" is 1).",
                    "Use " + OTHER_MODE)));
  }

  private void checkWholeRoot() {
    if (settings.root().noRemountRoot() && host.root().isMountPoint()) {
      findings.problem(
          Problem.configuration(
              "Mode minimal is asked for, but all of the host is mounted at /mnt/root and"
                  + " SMARTAGENT_NO_REMOUNT_ROOT is true.",
              "Mount only the directories that the agent needs, below /mnt/root, or let the"
                  + " launcher make a root of them without that variable."));
    }
  }

  /** What is made in the container instead of the host would be gone with the container. */
  private void checkMounted(String name, DirectoryFacts directory) {
    if (host.root().isMountPoint() || !directory.isDirectory()) {
      return;
    }
    for (Place mount : facts.mounted()) {
      if (MountTable.isAtOrBelow(directory.path(), mount.path())) {
        return;
      }
    }
    findings.problem(
        Problem.configuration(
            name
                + " \""
                + directory.path()
                + "\" is a directory of the container: nothing of the host is mounted there.",
            "Mount it:\n" + mountOf(directory.path(), false)));
  }

  private void checkCommands() {
    if (facts.missing().isEmpty()) {
      return;
    }
    if (!(target instanceof Target.InstalledAgent)) {
      findings.warning(
          "An installer could not run in mode minimal: these commands would be missing: "
              + describe()
              + ".");
      return;
    }
    findings.problem(
        Problem.configuration(
            "The installer that "
                + settings.sourceOf(Option.INSTALLER_SCRIPT_URL)
                + " names needs commands that mode minimal cannot show: "
                + describe()
                + ".",
            commandsRemedy()));
  }

  private String describe() {
    return String.join(", ", facts.missing().stream().map(MinimalRootPlanner::describe).toList());
  }

  private static String describe(MissingCommand command) {
    return command.name() + " (" + command.fault() + ")";
  }

  private String commandsRemedy() {
    TreeSet<String> directories = new TreeSet<>();
    for (MissingCommand command : facts.missing()) {
      int slash = command.notShown().lastIndexOf('/');
      if (slash > 0) {
        directories.add(command.notShown().substring(0, slash));
      }
    }
    String mount =
        directories.isEmpty()
            ? ""
            : ", mount what their links lead to:\n"
                + String.join("\n", directories.stream().map(path -> mountOf(path, true)).toList())
                + "\n";
    return "Install them on the host"
        + mount
        + (mount.isEmpty() ? ", or use " : "or use ")
        + OTHER_MODE;
  }

  private static String mountOf(String path, boolean readOnly) {
    String name = "host" + path.replace('/', '-');
    return "volumes:\n- name: "
        + name
        + "\n  hostPath: {path: "
        + path
        + "}\nvolumeMounts:\n- name: "
        + name
        + "\n  mountPath: /mnt/root"
        + path
        + "\n  readOnly: "
        + readOnly;
  }

  /** Reports what is visible where no separate root can be made. */
  void warnOfWhatIsSeen() {
    findings.warning(
        "Mode minimal shows all that the YAML has mounted below /mnt/root, as it is mounted:"
            + " without CAP_SYS_ADMIN the launcher cannot make a root that holds nothing else.");
  }

  /** Returns what its root shows. */
  List<ShownEntry> shown() {
    return MinimalRoot.entries(settings, facts, host.entries().pruned());
  }
}
