package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.host.FormerData;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.host.LayoutFacts;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalFacts.MissingCommand;
import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.host.ShownEntry;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.SharedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MinimalModeTest {

  private final Situation situation =
      new Situation()
          .variable(Option.ENABLE_MINIMAL_MOUNT, "true")
          .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"));

  private final List<Place> places =
      new ArrayList<>(
          List.of(
              there("/bin"),
              there("/dev"),
              there("/etc"),
              there("/opt"),
              there("/proc"),
              there("/usr/share/containers"),
              there("/var"),
              there("/var/lib/bonree")));
  private final List<Place> mounted = new ArrayList<>();
  private final List<MissingCommand> missing = new ArrayList<>();
  private Optional<String> enforcing = Optional.empty();
  private boolean apmMounted;
  private FormerData former = FormerData.NONE;

  private static Place there(String path) {
    return new Place(path, true, path);
  }

  private static ShownEntry same(String path) {
    return new ShownEntry(path, path, true);
  }

  private LaunchPlan plan() {
    MinimalFacts facts = new MinimalFacts(places, mounted, enforcing, missing);
    return situation.layout(new LayoutFacts(apmMounted, former, facts)).plan();
  }

  private List<ShownEntry> shown() {
    return plan().steps().stream()
        .filter(MountStep.BuildMinimalRoot.class::isInstance)
        .map(step -> ((MountStep.BuildMinimalRoot) step).entries())
        .findFirst()
        .orElseThrow();
  }

  private List<String> paths() {
    return shown().stream().map(ShownEntry::path).toList();
  }

  /** As the documented manifest mounts it: no mount at /mnt/root, but below it. */
  private void mountDirectoriesOnly() {
    situation.noMountPoint().hostReadOnly(false);
    for (String path : List.of("/bin", "/dev", "/etc", "/opt", "/proc", "/var")) {
      mounted.add(there(path));
    }
  }

  @Test
  void buildsSealsAndEntersARootOfItsOwn() {
    apmMounted = true;
    situation.pruned(new PrunedEntry("/boot", true));

    assertThat(plan().steps().stream().map(step -> step.action() + " " + step.subject()))
        .startsWith(
            "unshare-mounts CLONE_NEWNS|CLONE_FS",
            "make-private /",
            "build-minimal-root / with /bin, /dev, /etc, /opt, /proc, /usr/share/containers, /var",
            "seal-tree / except /opt, /var/lib/bonree",
            "mount-tmpfs /tmp",
            "share-directory /tmp/apm",
            "bind-runtime /tmp/.smartagent",
            "verify-seal /",
            "enter-root pivot_root");
    assertThat(plan().sealed()).isTrue();
    assertThat(plan().writable()).isEqualTo(Set.of("/opt", "/var/lib/bonree", "/tmp"));
    assertThat(plan().warnings()).isEmpty();
  }

  @Test
  void needsNoMountAtTheHostsRoot() {
    mountDirectoriesOnly();

    assertThat(plan().problems()).isEmpty();
    assertThat(plan().steps()).noneMatch(MountStep.BindTree.class::isInstance);
    assertThat(paths())
        .containsExactly("/bin", "/dev", "/etc", "/opt", "/proc", "/usr/share/containers", "/var");
  }

  @Test
  void showsWhatIsMountedOnPurpose() {
    mountDirectoriesOnly();
    mounted.add(there("/data/containers"));
    mounted.add(new Place("/srv/agent.conf", false, "/srv/agent.conf"));

    assertThat(shown())
        .contains(
            same("/data/containers"), new ShownEntry("/srv/agent.conf", "/srv/agent.conf", false));
  }

  @Test
  void showsWhatLiesBelowAnEntryWithIt() {
    mountDirectoriesOnly();
    mounted.add(there("/etc/containers"));
    mounted.add(there("/etc-more"));

    assertThat(paths()).contains("/etc", "/etc-more").doesNotContain("/etc/containers");
  }

  @Test
  void showsUsrBinAsTheSameDirectoryWhereBinIsALinkToIt() {
    places.set(0, new Place("/bin", true, "/usr/bin"));
    places.add(new Place("/lib64", true, "/usr/lib"));

    assertThat(shown())
        .contains(
            same("/bin"),
            new ShownEntry("/usr/bin", "/bin", true),
            new ShownEntry("/usr/lib", "/lib64", true),
            new ShownEntry("/usr/lib64", "/lib64", true));
  }

  @Test
  void showsNoUsrBinWhereBinIsADirectoryOfItsOwn() {
    assertThat(paths()).doesNotContain("/usr/bin");
  }

  @Test
  void prefersAUsrThatIsMountedItself() {
    mountDirectoriesOnly();
    places.set(0, new Place("/bin", true, "/usr/bin"));
    mounted.add(there("/usr"));

    assertThat(shown()).contains(same("/usr"));
    assertThat(paths()).doesNotContain("/usr/bin", "/usr/share/containers");
  }

  @Test
  void showsNothingThatIsHiddenInModeReadOnly() {
    mountDirectoriesOnly();
    mounted.add(there("/boot"));
    mounted.add(there("/initrd/lib"));
    situation.pruned(new PrunedEntry("/boot", true), new PrunedEntry("/initrd", true));

    assertThat(paths()).doesNotContain("/boot", "/initrd/lib");
    assertThat(plan().steps()).noneMatch(MountStep.HideEntry.class::isInstance);
  }

  @Test
  void looksForCustomDirectoriesAndContainerRootsAndDataOfBefore() {
    situation
        .variable(Option.INSTALL_PATH, "/srv/agent")
        .variable(SharedSettings.CONTAINER_ROOTS, "docker=/data/docker,runc=/data/runc");

    LaunchPlan plan = plan();
    HostCandidates candidates = new HostCandidates(plan);
    assertThat(candidates.paths())
        .contains(
            "/srv/agent", "/var/lib/bonree", "/data/docker", "/data/runc", "/usr/share/containers")
        .doesNotContain("/usr", "/home", "/boot", "/tmp", "/opt")
        .isSorted();
  }

  /** What a launch would look for. */
  private record HostCandidates(LaunchPlan plan) {
    List<String> paths() {
      return MinimalRoot.candidates(plan.settings(), FormerData.NONE);
    }
  }

  @Test
  void keepsDataOfBeforeReadable() {
    FormerData before = new FormerData(Optional.of("/opt"), List.of("/data/lib/bonree"));

    assertThat(MinimalRoot.candidates(plan().settings(), before))
        .contains("/opt", "/data/lib/bonree");
  }

  @Test
  void leavesAnInstallationBelowTmpUncovered() {
    situation
        .variable(Option.INSTALL_PATH, "/tmp/agent")
        .install(Situation.directory("/tmp/agent", 0));
    places.add(there("/tmp/agent"));

    assertThat(paths()).contains("/tmp/agent");
    assertThat(plan().steps()).noneMatch(MountStep.MountTmpfs.class::isInstance);
  }

  @Test
  void refusesWhereSelinuxEnforcesAndSaysWhatToUse() {
    enforcing = Optional.of("/sys/fs/selinux/enforce");

    assertThat(plan().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault())
              .isEqualTo(
                  "Mode minimal is asked for, but SELinux enforces its policy"
                      + " (\"/sys/fs/selinux/enforce\" is 1).");
          assertThat(problem.remedy())
              .startsWith("Use mode read-only, ")
              .contains("SMARTAGENT_ENABLE_MINIMAL_MOUNT to \"false\"")
              .contains("mountPath: /mnt/root\n  readOnly: true");
        });
  }

  @Test
  void refusesDirectoriesThatAreTheContainersOwn() {
    mountDirectoriesOnly();
    mounted.removeIf(place -> place.path().equals("/opt"));

    assertThat(plan().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.fault())
              .isEqualTo(
                  "Installation directory \"/opt\" is a directory of the container: nothing of the"
                      + " host is mounted there.");
          assertThat(problem.remedy())
              .contains("hostPath: {path: /opt}")
              .contains("mountPath: /mnt/root/opt")
              .contains("readOnly: false");
        });
  }

  @Test
  void warnsOfMissingCommandsWithoutAnInstaller() {
    missing.add(new MissingCommand("awk", "is not in /bin", ""));
    missing.add(new MissingCommand("df", "\"/bin/df\" is not executable", ""));

    assertThat(plan().problems()).isEmpty();
    assertThat(plan().warnings())
        .containsExactly(
            "An installer could not run in mode minimal: these commands would be missing: awk (is"
                + " not in /bin), df (\"/bin/df\" is not executable).");
  }

  @Test
  void refusesMissingCommandsWithAnInstallerAndNamesTheMountThatHelps() {
    situation.variable(Option.INSTALLER_SCRIPT_URL, "https://server/installer.sh");
    missing.add(new MissingCommand("arch", "is not in /bin", ""));
    missing.add(
        new MissingCommand(
            "awk", "\"/bin/awk\" leads to \"/usr/bin/mawk\", which is not shown", "/usr/bin/mawk"));

    assertThat(plan().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault())
              .isEqualTo(
                  "The installer that SMARTAGENT_INSTALLER_SCRIPT_URL names needs commands that mode"
                      + " minimal cannot show: arch (is not in /bin), awk (\"/bin/awk\" leads to"
                      + " \"/usr/bin/mawk\", which is not shown).");
          assertThat(problem.remedy())
              .contains("hostPath: {path: /usr/bin}")
              .contains("mountPath: /mnt/root/usr/bin\n  readOnly: true")
              .contains("mode read-only");
        });
  }

  /** It installs nothing, so it need not be able to. */
  @Test
  void startsAProgramOfTheHostWhateverAnInstallerWouldNeed() {
    situation
        .program("/bin/agent", "")
        .variable(Option.INSTALLER_SCRIPT_URL, "https://server/installer.sh");
    missing.add(new MissingCommand("awk", "is not in /bin", ""));

    assertThat(plan().problems()).isEmpty();
    assertThat(plan().warnings())
        .contains(
            "An installer could not run in mode minimal: these commands would be missing: awk (is"
                + " not in /bin).");
  }

  @Test
  void showsWhatTheYamlHasMountedWhereItMayMountNothing() {
    mountDirectoriesOnly();
    situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true");

    LaunchPlan plan = plan();
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.sealed()).isFalse();
    assertThat(plan.steps()).noneMatch(MountStep.BuildMinimalRoot.class::isInstance);
    assertThat(plan.warnings())
        .anySatisfy(warning ->
            assertThat(warning)
                .startsWith("Mode minimal shows all that the YAML has mounted below /mnt/root"));
  }

  @Test
  void seesOnlyWhatIsMountedAndNoUsrBinWhereItMayMountNothing() {
    mountDirectoriesOnly();
    situation.variable(Option.NO_REMOUNT_ROOT, "true");
    MinimalFacts facts =
        new MinimalFacts(
            List.of(new Place("/bin", true, "/usr/bin")), mounted, Optional.empty(), List.of());

    assertThat(
            MinimalRoot.entries(plan().settings(), facts, List.of()).stream().map(ShownEntry::path))
        .containsExactly("/bin", "/dev", "/etc", "/opt", "/proc", "/var");
  }

  @Test
  void refusesTheWholeHostWhereItMayMountNothing() {
    situation.variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(plan().problems())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.fault())
                .isEqualTo(
                    "Mode minimal is asked for, but all of the host is mounted at /mnt/root and"
                        + " SMARTAGENT_NO_REMOUNT_ROOT is true."));
  }

  @Test
  void checksTheDocumentedCommandsWithoutTheShellsOwn() {
    assertThat(InstallerCommands.NAMES)
        .hasSize(59)
        .isSorted()
        .doesNotHaveDuplicates()
        .contains("arch", "awk", "dmidecode", "yes")
        .doesNotContain("command", "read", "umask");
  }

  @Test
  void sharesTheContainersDirectoryInModeReadOnlyToo() {
    Situation readOnly =
        new Situation().layout(new LayoutFacts(true, FormerData.NONE, MinimalFacts.NOTHING));

    assertThat(readOnly.plan().steps().stream().map(Step::action))
        .containsSubsequence("mount-tmpfs", "share-directory", "verify-seal");
    assertThat(readOnly.noTmp().plan().steps())
        .noneMatch(MountStep.ShareDirectory.class::isInstance);
  }
}
