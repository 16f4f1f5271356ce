package io.smartagent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.host.FormerData;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostRoot;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalReader;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.LaunchPlanner;
import io.smartagent.plan.MinimalRoot;
import io.smartagent.plan.Situation;
import io.smartagent.plan.Step;
import io.smartagent.plan.Target;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ClusterFacts;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SimulationTest {

  private static final String DOCUMENTED =
      "caps=" + String.join("+", Situation.DOCUMENTED.shortNames());

  private final RecordingKernel kernel = new RecordingKernel();
  private Optional<ContainerFacts> here = Optional.empty();
  private Settings settings = settings(Map.of(Option.USER, "nobody"));

  @TempDir private Path files;

  @BeforeEach
  void readFilesOfTheTest() {
    kernel.filesystem(files);
  }

  private static Settings settings(Map<Option, String> options) {
    List<ModuleDefinition> modules = ModuleCatalog.modules();
    return SettingsParser.parse(options, Map.of(), modules).settings();
  }

  private Simulation simulate(String... texts) {
    return Simulation.of(List.of(texts), here, settings, kernel);
  }

  private ContainerFacts facts(String... texts) throws ErrnoException {
    Simulation simulation = simulate(texts);
    ClusterQuestion question =
        ClusterQuestion.of(simulation.environment(Map.of()), "/var/lib/bonree/serviceaccount");
    return simulation.container(question);
  }

  private HostFacts host(String... texts) {
    return new HostRoot(simulate(texts).host())
        .read(
            new HostRoot.Question(
                settings.root().installPath(),
                settings.runtimeDirectory(),
                List.of(LaunchPlanner.RUNTIME_NAME),
                Optional.empty()));
  }

  private LaunchPlan plan(String... texts) throws ErrnoException {
    return LaunchPlanner.plan(
        settings,
        simulate(texts).problems(),
        facts(texts),
        host(texts),
        List.copyOf(ModuleCatalog.modules()),
        new Target.BuiltInAgent(List.of()));
  }

  private String file(String name, String content) throws IOException {
    Files.writeString(files.resolve(name), content);
    return "/" + name;
  }

  private static @Nullable SettingValue assumption(Simulation simulation, String name) {
    return simulation.assumptions().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Test
  void launchesWithTheDocumentedCapabilities() throws ErrnoException {
    LaunchPlan plan = plan(DOCUMENTED, "kernel=6.12");

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.user().user().name()).isEqualTo("nobody");
    assertThat(plan.steps())
        .extracting(Step::action)
        .contains("unshare-mounts", "seal-tree", "bind-runtime", "enter-root", "raise-ambient");
    assertThat(plan.capabilities().surplus().names())
        .contains("CAP_KILL", "CAP_SETFCAP", "CAP_FOWNER", "CAP_FSETID", "CAP_NET_RAW");
  }

  @Test
  void aPrivilegedContainerHasEveryAbility() throws ErrnoException {
    ContainerFacts facts = facts("caps=privileged,kernel=6.18,serviceAccount=automounted");

    assertThat(facts.abilities()).allMatch(AbilityFact::available);
    assertThat(facts.capabilities().bounding()).isEqualTo(CapabilitySet.upTo(40));
  }

  @ParameterizedTest
  @CsvSource({
    "none, '', false",
    "automounted, /var/run/secrets/kubernetes.io/serviceaccount, false",
    "projected, /var/lib/bonree/serviceaccount, true"
  })
  void hasTheServiceAccountThatIsSaid(String account, String directory, boolean onHost)
      throws ErrnoException {
    ClusterFacts cluster = facts("serviceAccount=" + account).cluster();

    assertThat(cluster.directory()).isEqualTo(directory);
    assertThat(cluster.onHost()).isEqualTo(onHost);
  }

  @Test
  void whatIsSaidBesidePrivilegedWins() throws ErrnoException {
    ContainerFacts facts = facts("caps=privileged,lsm=docker-default,seccomp=docker");

    assertThat(facts.fact(Ability.MOUNT).blockedBy()).isEqualTo(Blocker.LSM);
    assertThat(facts.fact(Ability.PTRACE_READ).blockedBy()).isEqualTo(Blocker.LSM);
    assertThat(facts.fact(Ability.PIVOT_ROOT).blockedBy()).isEqualTo(Blocker.SECCOMP);
    assertThat(facts.lsmLabel()).contains("docker-default (enforce)");
  }

  /** What an ability lacks, in the words of the probe itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caps=none | UNSHARE_MOUNTS | BOUNDING",
        "caps=none | CHROOT | BOUNDING",
        "caps=SYS_ADMIN | PIVOT_ROOT | SECCOMP",
        "caps=SYS_ADMIN,seccomp=none | PIVOT_ROOT |",
        "caps=SYS_ADMIN,seccomp=cri-o | PIVOT_ROOT |",
        "caps=none,seccomp=none | PIVOT_ROOT | BOUNDING",
        "caps=SYS_ADMIN,seccomp=none,kernel=5.1 | OPEN_TREE | KERNEL",
        "caps=SYS_ADMIN,seccomp=none,kernel=5.2 | OPEN_TREE |",
        "caps=SYS_ADMIN,seccomp=none,kernel=5.11 | MOUNT_SETATTR | KERNEL",
        "caps=SYS_ADMIN,kernel=5.11 | MOUNT_SETATTR | SECCOMP",
        "caps=SYS_ADMIN,kernel=5.12 | MOUNT_SETATTR |",
        "caps=SYS_ADMIN,uid=1000 | UNSHARE_MOUNTS | CAPABILITY",
        "caps=SYS_PTRACE | PTRACE_READ |",
        "caps=none | PTRACE_READ | BOUNDING",
        "caps=SYS_PTRACE,userns=mapped | PTRACE_READ | LSM",
        "caps=SYSLOG | SYSLOG |",
        "caps=SYSLOG | KMSG | DEVICE_CGROUP",
        "caps=none | KMSG | BOUNDING",
        "caps=SYSLOG,devices=all | KMSG |",
        "caps=privileged,devices=default | KMSG | DEVICE_CGROUP",
        "caps=privileged | KMSG |",
        "caps=BPF+PERFMON,kernel=5.8 | BPF_TRACING |",
        "caps=BPF+PERFMON,kernel=5.7 | BPF_TRACING | BOUNDING",
        "caps=SYS_ADMIN,kernel=5.7 | BPF_TRACING |",
        "caps=SYS_ADMIN,kernel=4.16 | BPF_TRACING | KERNEL",
        "caps=PERFMON | PERF_EVENTS |",
        "caps=none,seccomp=none | PERF_EVENTS | BOUNDING",
        "caps=none,kernel=6.6 | PROCESS_EVENTS |",
        "caps=none,kernel=6.5 | PROCESS_EVENTS | BOUNDING",
        "caps=NET_ADMIN,kernel=6.5 | PROCESS_EVENTS |",
        "caps=NET_ADMIN,hostNetwork=false | PROCESS_EVENTS | KERNEL",
        "caps=NET_ADMIN,hostPID=false | PROCESS_EVENTS | KERNEL",
        "caps=SYS_ADMIN,userns=mapped | SETNS | SECCOMP",
        "caps=SYS_ADMIN,userns=mapped,hostNetwork=false | SETNS |",
      })
  void predictsEachAbility(String assumed, Ability ability, @Nullable Blocker blocker)
      throws ErrnoException {
    kernel.sysctl("kernel/dmesg_restrict", 1);
    kernel.sysctl("kernel/perf_event_paranoid", 2);

    assertThat(facts(assumed).fact(ability).blockedBy()).isEqualTo(blocker);
  }

  @Test
  void namesCallAndRemedyAsTheProbeDoes() throws ErrnoException {
    LaunchPlan plan = plan("caps=docker");

    assertThat(plan.problems())
        .extracting(Problem::fault)
        .contains(
            "The host's mounts cannot be sealed: unshare(CLONE_NEWNS|CLONE_FS): EPERM (Operation"
                + " not permitted): the container was not given CAP_SYS_ADMIN.");
  }

  @ParameterizedTest
  @CsvSource({
    "3.10.0-1160.el7, false, 36",
    "4.2, false, 37",
    "4.18.0-348.el8, true, 37",
    "5.8.0-rc1, true, 39",
    "5.10, true, 40",
    "6.18.44+, true, 40"
  })
  void knowsWhatAKernelBrought(String release, boolean ambient, int last) throws ErrnoException {
    ContainerFacts facts = facts("caps=all,kernel=" + release);

    assertThat(facts.kernelRelease()).isEqualTo(release);
    assertThat(facts.ambientSupported()).isEqualTo(ambient);
    assertThat(facts.capabilities().bounding()).isEqualTo(CapabilitySet.upTo(last));
  }

  @Test
  void namesCapabilitiesThatTheKernelIsTooOldFor() throws ErrnoException {
    Simulation simulation = simulate("caps=BPF+CHOWN,kernel=5.4");

    assertThat(assumption(simulation, "capsUnknownToKernel"))
        .extracting(SettingValue::value)
        .asString()
        .startsWith("BPF:");
    assertThat(facts("caps=BPF+CHOWN,kernel=5.4").capabilities().bounding())
        .isEqualTo(CapabilitySet.of(Capability.CAP_CHOWN));
  }

  @Test
  void anotherUserHasNoCapability() throws ErrnoException {
    ThreadCapabilities capabilities = facts("caps=docker,uid=1000").capabilities();

    assertThat(capabilities.effective()).isEqualTo(CapabilitySet.NONE);
    assertThat(capabilities.permitted()).isEqualTo(CapabilitySet.NONE);
    assertThat(capabilities.bounding().names()).contains("CAP_SYS_CHROOT").hasSize(14);
  }

  @Test
  void takesFlagsOver() throws ErrnoException {
    ContainerFacts facts = facts("nnp=true,userns=mapped,uid=4294967294");

    assertThat(facts.noNewPrivileges()).isTrue();
    assertThat(facts.initialUserNamespace()).isFalse();
    assertThat(facts.uid()).isEqualTo(-2);
  }

  @Test
  void takesTheHostForADocumentedOne() {
    HostFacts host = host("caps=docker");

    assertThat(host.root().state()).isEqualTo(HostFacts.State.ROOT);
    assertThat(host.root().readOnly()).isTrue();
    assertThat(host.root().isMountPoint()).isTrue();
    assertThat(host.entries().hasProc()).isTrue();
    assertThat(host.entries().hasTmp()).isTrue();
    assertThat(host.directories().install().isDirectory()).isTrue();
    assertThat(host.directories().install().readOnly()).isFalse();
    assertThat(host.directories().runtime().isDirectory()).isTrue();
    assertThat(host.directories().runtime().readOnly()).isFalse();
    assertThat(host.directories().runtime().entries()).isEmpty();
    assertThat(host.entries().pruned())
        .extracting(HostFacts.PrunedEntry::path)
        .containsExactly("/boot", "/root");
  }

  @Test
  void takesTheMountsForTheDocumentedOnesOfModeMinimal() throws ErrnoException {
    settings = settings(Map.of(Option.USER, "nobody", Option.MODE, "minimal"));
    HostFacts host = host(DOCUMENTED);

    assertThat(host.root().state()).isEqualTo(HostFacts.State.ROOT);
    assertThat(host.root().isMountPoint()).isFalse();
    assertThat(host.users().accounts().etcIsWritable()).isFalse();
    assertThat(host.entries().hasProc()).isTrue();
    assertThat(host.directories().install().readOnly()).isFalse();
    assertThat(host.directories().runtime().isDirectory()).isTrue();
    assertThat(host.directories().runtime().readOnly()).isFalse();
    assertThat(assumption(simulate(DOCUMENTED), "mounts"))
        .isEqualTo(
            new SettingValue(
                "mounts",
                "single directories of the host, ro: /bin /dev /etc /lib /lib64 /proc /run /sbin"
                    + " /sys /var, writable: /etc/containers /usr/share/containers /opt"
                    + " /var/lib/bonree",
                "default"));
  }

  @Test
  void modeMinimalNeedsNoSysAdminWhereTheMountsStay() throws ErrnoException {
    List<ModuleDefinition> modules = ModuleCatalog.modules();
    Map<String, String> environment =
        Map.of("SMARTAGENT_ENABLE_MINIMAL_MOUNT", "true", "SMARTAGENT_NO_REMOUNT_ROOT", "true");
    settings = SettingsParser.parse(Map.of(Option.USER, "nobody"), environment, modules).settings();
    HostFacts host = host("caps=docker");
    MinimalFacts minimal =
        new MinimalReader(simulate("caps=docker").host())
            .read(MinimalRoot.candidates(settings, FormerData.NONE));

    LaunchPlan plan =
        LaunchPlanner.plan(
            settings,
            List.of(),
            facts("caps=docker,kernel=6.12"),
            host.with(Optional.empty(), host.layout().with(minimal)),
            List.copyOf(ModuleCatalog.modules()),
            new Target.BuiltInAgent(List.of()));

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.warnings())
        .anyMatch(
            warning -> warning.startsWith("Mode minimal shows all that the YAML has mounted"));
  }

  @Test
  void takesTheUserThatIsNamedForOneOfTheHost() {
    settings = settings(Map.of(Option.USER, "monitor:staff"));

    assertThat(host("caps=docker").users().passwd().orElseThrow().byName("monitor"))
        .hasValueSatisfying(user -> assertThat(user.uid()).isEqualTo(1000));
    assertThat(host("caps=docker").users().passwd().orElseThrow().gid("staff")).contains(1000);
    assertThat(assumption(simulate("caps=docker"), "users"))
        .isEqualTo(new SettingValue("users", "root nobody monitor", "default"));
  }

  @Test
  void readsMountsOfAFile() throws IOException {
    String mounts =
        file(
            "mountinfo",
            """
            1 0 0:1 / / rw - overlay overlay rw
            2 1 8:1 / /mnt/root rw - ext4 /dev/sda1 rw
            3 2 8:2 / /mnt/root/opt ro - ext4 /dev/sda2 rw
            4 2 8:3 / /mnt/root/var rw - ext4 /dev/sda3 ro
            """);
    HostFacts host = host("mounts=" + mounts);

    assertThat(host.root().readOnly()).isFalse();
    assertThat(host.directories().install().readOnly()).isTrue();
    assertThat(host.directories().runtime().readOnly()).isTrue();
    assertThat(host.entries().hasProc()).isFalse();
    assertThat(host.entries().hasProcDirectory()).isTrue();
  }

  /** As in mode minimal: nothing at /mnt/root itself, only below it. */
  @Test
  void showsOnlyWhatIsMounted() throws IOException {
    String mounts =
        file(
            "mountinfo",
            """
            1 0 0:1 / / rw - overlay overlay rw
            2 1 0:2 / /mnt rw - tmpfs tmpfs rw
            3 2 8:1 /etc /mnt/root/etc ro - ext4 /dev/sda1 rw
            4 2 8:1 /bin /mnt/root/bin ro - ext4 /dev/sda1 rw
            5 2 8:1 /var /mnt/root/var ro - ext4 /dev/sda1 rw
            6 2 8:1 /opt /mnt/root/opt rw - ext4 /dev/sda1 rw
            """);
    HostFacts host = host("mounts=" + mounts);

    assertThat(host.root().state()).isEqualTo(HostFacts.State.ROOT);
    assertThat(host.root().isMountPoint()).isFalse();
    assertThat(host.entries().hasTmp()).isFalse();
    assertThat(host.entries().pruned()).isEmpty();
    assertThat(host.directories().install().readOnly()).isFalse();
    assertThat(host.directories().runtime().readOnly()).isTrue();
  }

  @Test
  void findsNoHostWhereNoneIsMounted() throws IOException, ErrnoException {
    String mounts = file("mountinfo", "1 0 0:1 / / rw - overlay overlay rw\n");

    assertThat(host("mounts=" + mounts).root().state()).isEqualTo(HostFacts.State.ABSENT);
    assertThat(plan("caps=privileged,mounts=" + mounts).problems())
        .extracting(Problem::fault)
        .containsExactly("There is no \"/mnt/root\".");
  }

  @Test
  void readsAccountsOfAFileAndGroupsBesideIt() throws IOException {
    String passwd = file("passwd", "root:x:0:0::/root:/bin/sh\nagent:x:1500:1500::/:/bin/sh\n");
    String group = file("group", "agent:x:1500:\nlogs:x:1600:agent\n");
    settings = settings(Map.of(Option.USER, "agent"));

    assertThat(host("users=" + passwd).users().passwd().orElseThrow().byName("agent"))
        .hasValueSatisfying(user -> assertThat(user.groups()).containsExactly(1500, 1600));
    assertThat(assumption(simulate("users=" + passwd), "groups"))
        .isEqualTo(new SettingValue("groups", group, "--assume"));
  }

  @Test
  void takesWhatIsNotSaidFromHereWhereThereIsAHost() {
    here = Optional.of(new Situation().without(Capability.CAP_SYS_ADMIN).container());
    Simulation simulation = simulate("nnp=true");

    assertThat(simulation.host().files()).isSameAs(kernel.filesystem());
    assertThat(assumption(simulation, "nnp"))
        .isEqualTo(new SettingValue("nnp", "true", "--assume"));
    assertThat(assumption(simulation, "caps"))
        .isEqualTo(
            new SettingValue(
                "caps",
                String.join(
                    "+",
                    Situation.DOCUMENTED
                        .minus(CapabilitySet.of(Capability.CAP_SYS_ADMIN))
                        .shortNames()),
                "here"));
    assertThat(assumption(simulation, "host"))
        .isEqualTo(new SettingValue("host", "the one at /mnt/root", "here"));
  }

  /** The processes and the log of the host that is here are those that the container sees. */
  @Test
  void seesThroughTheMountsThatAreHere() throws ErrnoException {
    here = Optional.of(new Situation().container());

    assertThat(facts("caps=CHOWN").fact(Ability.PTRACE_READ).detail())
        .contains("\"/mnt/root/proc/2/exe\"");
    assertThat(facts("caps=SYSLOG").fact(Ability.KMSG).blockedBy())
        .isEqualTo(Blocker.DEVICE_CGROUP);
  }

  @Test
  void listsEverythingThatWasAssumed() {
    Simulation simulation = simulate("caps=docker");

    assertThat(simulation.assumptions())
        .extracting(SettingValue::name)
        .contains("caps", "nnp", "kernel", "seccomp", "lsm", "userns", "uid", "hostPID")
        .contains("hostNetwork", "devices", "mounts", "users", "host", "lockdown")
        .contains("SELinux", "kernelFeatures");
    assertThat(simulation.assumptions())
        .filteredOn(setting -> setting.source().equals("--assume"))
        .extracting(SettingValue::name)
        .containsExactly("caps");
  }

  @Test
  void findsEverythingThatIsWrongAtOnce() {
    Simulation simulation =
        simulate(
            "capz=all,nnp=yes,SYS_ADMIN",
            "seccomp=dockr,caps=SYS_ADMN+CHOWN,mounts=/none,users=/none,userns=x,uid=-1,lsm=d"
                + ",kernel=five,hostPID=no");

    assertThat(simulation.problems())
        .extracting(Problem::status)
        .hasSize(12)
        .containsOnly(ExitStatus.USAGE);
    assertThat(simulation.problems())
        .extracting(Problem::text)
        .anySatisfy(text -> assertThat(text).contains("\"capz\"").contains("Did you mean caps?"))
        .anySatisfy(text -> assertThat(text).contains("\"SYS_ADMIN\"").contains("by \"+\""))
        .anySatisfy(text -> assertThat(text).contains("\"SYS_ADMN\"").contains("mean SYS_ADMIN?"))
        .anySatisfy(text -> assertThat(text).contains("\"dockr\"").contains("mean docker?"))
        .anySatisfy(text -> assertThat(text).contains("\"yes\"").contains("true or false"))
        .anySatisfy(text -> assertThat(text).contains("\"five\"").contains("MAJOR.MINOR"))
        .anySatisfy(text -> assertThat(text).contains("mounts").contains("ENOENT"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no mountinfo", "a b c d / / rw - ext4 none rw"})
  void refusesAFileThatIsNoMountinfo(String text) throws IOException {
    assertThat(simulate("mounts=" + file("mountinfo", text)).problems())
        .extracting(Problem::fault)
        .containsExactly("Assumption mounts names \"/mountinfo\", which is no mountinfo.");
  }

  @Test
  void theLaterValueWins() throws ErrnoException {
    assertThat(facts("caps=all,caps=none", "caps=CHOWN").capabilities().bounding())
        .isEqualTo(CapabilitySet.of(Capability.CAP_CHOWN));
  }
}
