package io.smartagent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.kernel.security.SeccompMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContainerProbeTest {

  private static final CapabilitySet ALL =
      CapabilitySet.upTo(Capability.CAP_CHECKPOINT_RESTORE.number());

  private final RecordingKernel kernel = new RecordingKernel();

  private ClusterQuestion question =
      new ClusterQuestion("https://10.0.0.1:443", "/var/lib/bonree/serviceaccount");

  @TempDir private Path container;

  @BeforeEach
  void makeContainer() throws IOException {
    Files.createDirectories(container.resolve("proc/thread-self/ns"));
    Files.createFile(container.resolve("proc/thread-self/ns/net"));
    for (String process : List.of("1", "7")) {
      Path directory = container.resolve("mnt/root/proc").resolve(process);
      Files.createDirectories(directory);
      Files.createSymbolicLink(directory.resolve("exe"), Path.of("agent"));
    }
    Files.createDirectories(container.resolve("mnt/root/proc/sys"));
    Files.createSymbolicLink(container.resolve("mnt/root/proc/self"), Path.of("42"));
    putToken(container.resolve("mnt/root/var/lib/bonree/serviceaccount"), "team");
    kernel.filesystem(container);
  }

  /** As kubelet's atomic writer lays it out. */
  private static void putToken(Path directory, String namespace) throws IOException {
    Path files = directory.resolve("..2026_11_22");
    Files.createDirectories(files);
    Files.writeString(files.resolve("token"), "secret");
    Files.writeString(files.resolve("namespace"), namespace);
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_11_22"));
    for (String name : List.of("token", "namespace")) {
      Files.createSymbolicLink(directory.resolve(name), Path.of("..data/" + name));
    }
  }

  @Test
  void findsTheTokenThatIsMountedWhereTheAgentWillSeeIt() throws Exception {
    putToken(container.resolve("var/run/secrets/kubernetes.io/serviceaccount"), "other");

    assertThat(probe().cluster())
        .isEqualTo(
            new ClusterFacts(
                "https://10.0.0.1:443", "/var/lib/bonree/serviceaccount", true, "team", true));
  }

  @Test
  void findsTheTokenOfTheContainerItself() throws Exception {
    Files.delete(container.resolve("mnt/root/var/lib/bonree/serviceaccount/token"));
    putToken(container.resolve("var/run/secrets/kubernetes.io/serviceaccount"), "team");

    assertThat(probe().cluster())
        .isEqualTo(
            new ClusterFacts(
                "https://10.0.0.1:443",
                "/var/run/secrets/kubernetes.io/serviceaccount",
                false,
                "team",
                true));
  }

  @Test
  void doesNotTakeATokenThatALinkOnTheHostLeadsOutTo() throws Exception {
    Path directory = container.resolve("mnt/root/var/lib/bonree/serviceaccount");
    Files.delete(directory.resolve("token"));
    Files.writeString(container.resolve("stolen"), "secret");
    Files.createSymbolicLink(directory.resolve("token"), Path.of("../../../../../../stolen"));

    assertThat(fact(Ability.SERVICE_ACCOUNT).blockedBy()).isEqualTo(Blocker.MOUNT);
    assertThat(probe().cluster())
        .isEqualTo(new ClusterFacts("https://10.0.0.1:443", "", false, "", false));
  }

  @Test
  void looksForNoTokenOutsideOfAPod() throws Exception {
    question = ClusterQuestion.NOWHERE;

    assertThat(fact(Ability.SERVICE_ACCOUNT).detail())
        .isEqualTo("KUBERNETES_SERVICE_HOST is not set: this container is in no pod.");
    assertThat(probe().cluster()).isEqualTo(ClusterFacts.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 6443, https://10.0.0.1:6443",
    "fd00::1, 443, https://[fd00::1]:443",
    "[fd00::1], '', https://[fd00::1]:443",
    "api.example, ' ', https://api.example:443"
  })
  void asksTheServerThatKubeletNames(String host, String port, String server) {
    Map<String, String> environment =
        Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);

    assertThat(ClusterQuestion.of(environment, "/x").server()).isEqualTo(server);
  }

  private ContainerFacts probe() throws ErrnoException {
    return new ContainerProbe(kernel, "/mnt/root", question).probe();
  }

  private AbilityFact fact(Ability ability) throws ErrnoException {
    return probe().fact(ability);
  }

  private void capabilities(CapabilitySet effective, CapabilitySet bounding) {
    kernel.capabilities(
        new ThreadCapabilities(
            effective, effective, CapabilitySet.NONE, bounding, CapabilitySet.NONE));
  }

  private void without(Capability capability) {
    CapabilitySet rest = ALL.minus(CapabilitySet.of(capability));
    capabilities(rest, rest);
  }

  @Test
  void findsEveryAbilityInAPrivilegedContainer() throws ErrnoException {
    ContainerFacts facts = probe();

    assertThat(facts.abilities())
        .extracting(AbilityFact::ability)
        .containsExactly(Ability.values());
    assertThat(facts.abilities()).allMatch(AbilityFact::available);
  }

  @ParameterizedTest
  @CsvSource({"ECONNREFUSED, hostNetwork: true.", "ENODATA, hostPID: true."})
  void saysWhichNamespaceKeepsTheNewsOfProcessesAway(Errno errno, String remedy)
      throws ErrnoException {
    kernel.failOn("PROC_CN_MCAST_LISTEN", errno);

    assertThat(fact(Ability.PROCESS_EVENTS).blockedBy()).isEqualTo(Blocker.KERNEL);
    assertThat(fact(Ability.PROCESS_EVENTS).detail()).endsWith(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "ENOSYS, KERNEL, the kernel has none.",
    "EOPNOTSUPP, KERNEL, but not enabled at boot (lsm=).",
    "EPERM, KERNEL, refused by the kernel."
  })
  void saysWhyThereIsNoLandlock(Errno errno, Blocker blocker, String why) throws ErrnoException {
    kernel.failOn("landlock_restrict_self(", errno);

    assertThat(fact(Ability.LANDLOCK).blockedBy()).isEqualTo(blocker);
    assertThat(fact(Ability.LANDLOCK).detail()).endsWith(why);
  }

  @Test
  void needsNoCapabilityForLandlock() throws ErrnoException {
    capabilities(CapabilitySet.NONE, CapabilitySet.NONE);

    assertThat(fact(Ability.LANDLOCK).available()).isTrue();
  }

  @Test
  void newsOfProcessesNeedsNetAdminWhereTheKernelSaysSo() throws ErrnoException {
    without(Capability.CAP_NET_ADMIN);
    assertThat(fact(Ability.PROCESS_EVENTS).available()).isTrue();

    kernel.failOn("PROC_CN_MCAST_LISTEN", Errno.EPERM);

    assertThat(fact(Ability.PROCESS_EVENTS).blockedBy()).isEqualTo(Blocker.BOUNDING);
    assertThat(fact(Ability.PROCESS_EVENTS).detail())
        .endsWith("the container was not given CAP_NET_ADMIN.");
  }

  @Test
  void reportsTheIdentityOfTheThread() throws ErrnoException {
    kernel.credentials(new UserIds(7, 8, 9), new UserIds(0, 0, 0), List.of());
    kernel.securebits(new Securebits(1));
    kernel.noNewPrivileges(true);
    kernel.seccomp(SeccompMode.FILTER);
    kernel.lsmLabel("docker-default (enforce)");
    kernel.userNamespaceIsInitial(false);
    kernel.withoutAmbientCapabilities();

    ContainerFacts facts = probe();

    assertThat(facts.kernelRelease()).isEqualTo("6.12.0");
    assertThat(facts.machine()).isEqualTo("x86_64");
    assertThat(facts.uid()).isEqualTo(8);
    assertThat(facts.securebits().names()).containsExactly("SECBIT_NOROOT");
    assertThat(facts.noNewPrivileges()).isTrue();
    assertThat(facts.seccomp()).isEqualTo(SeccompMode.FILTER);
    assertThat(facts.lsmLabel()).contains("docker-default (enforce)");
    assertThat(facts.initialUserNamespace()).isFalse();
    assertThat(facts.ambientSupported()).isFalse();
  }

  @Test
  void mountsOnlyInANamespaceOfItsOwn() throws ErrnoException {
    probe();

    assertThat(kernel.calls())
        .startsWith(
            "unshare(CLONE_NEWNS|CLONE_FS)",
            "mount(\"/\", MS_REC|MS_PRIVATE)",
            "mount(\"/mnt/root\", tmpfs, MS_NOSUID|MS_NODEV)",
            "mount(\"/mnt/root\", MS_RDONLY|MS_NOSUID|MS_NODEV|MS_REMOUNT|MS_BIND)",
            "chroot(\"/\")");
  }

  @Test
  void mountsNothingWithoutANamespaceOfItsOwn() throws ErrnoException {
    kernel.failOn("unshare(CLONE_NEWNS", Errno.EPERM);
    kernel.failOn("mount(\"/nonexistent/smartagent\"", Errno.ENOENT);

    assertThat(fact(Ability.UNSHARE_MOUNTS).available()).isFalse();
    assertThat(fact(Ability.MOUNT).available()).isTrue();
    assertThat(kernel.calls())
        .filteredOn(call -> call.startsWith("mount("))
        .allMatch(call -> call.startsWith("mount(\"/nonexistent/smartagent\""));
  }

  /** The call fails although every capability is there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UNSHARE_MOUNTS | unshare(CLONE_NEWNS | EPERM  | FILTER   | SECCOMP
          UNSHARE_MOUNTS | unshare(CLONE_NEWNS | EPERM  | DISABLED | KERNEL
          UNSHARE_MOUNTS | unshare(CLONE_NEWNS | ENOSPC | DISABLED | KERNEL
          MOUNT          | mount(              | EPERM  | FILTER   | SECCOMP
          MOUNT          | mount(              | EACCES | FILTER   | SECCOMP
          MOUNT          | mount("/mnt/root"   | EACCES | FILTER   | LSM
          MOUNT          | mount("/mnt/root"   | EACCES | DISABLED | LSM
          OPEN_TREE      | open_tree(          | ENOSYS | FILTER   | SECCOMP
          OPEN_TREE      | open_tree(          | ENOSYS | DISABLED | KERNEL
          MOUNT_SETATTR  | mount_setattr(      | ENOSYS | DISABLED | KERNEL
          MOUNT_SETATTR  | mount_setattr(      | EPERM  | FILTER   | SECCOMP
          PIVOT_ROOT     | pivot_root(         | EPERM  | FILTER   | SECCOMP
          CHROOT         | chroot(             | EPERM  | FILTER   | SECCOMP
          SETNS          | setns(              | EPERM  | FILTER   | SECCOMP
          PTRACE_READ    | readlink(           | EACCES | FILTER   | LSM
          SYSLOG         | syslog(             | EPERM  | FILTER   | SECCOMP
          KMSG           | open("/mnt/root/dev | EPERM  | FILTER   | DEVICE_CGROUP
          KMSG           | open("/mnt/root/dev | ENOENT | FILTER   | MOUNT
          KMSG           | open("/mnt/root/dev | EACCES | FILTER   | LSM
          BPF_TRACING    | bpf(                | EPERM  | FILTER   | SECCOMP
          BPF_TRACING    | bpf(                | EINVAL | DISABLED | KERNEL
          PERF_EVENTS    | perf_event_open(    | EACCES | FILTER   | SYSCTL
          """)
  void namesWhatStandsBetween(
      Ability ability, String call, Errno errno, SeccompMode seccomp, Blocker blocker)
      throws ErrnoException {
    kernel.seccomp(seccomp);
    kernel.failOn(call, errno);

    AbilityFact fact = fact(ability);

    assertThat(fact.available()).isFalse();
    assertThat(fact.blockedBy()).isEqualTo(blocker);
    assertThat(fact.detail()).contains(": " + errno + " (" + errno.text() + "):");
  }

  /** The call fails, and the capability that it needs is missing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UNSHARE_MOUNTS | CAP_SYS_ADMIN  | unshare(CLONE_NEWNS | EPERM
          MOUNT          | CAP_SYS_ADMIN  | mount(              | EPERM
          PIVOT_ROOT     | CAP_SYS_ADMIN  | pivot_root(         | EPERM
          OPEN_TREE      | CAP_SYS_ADMIN  | open_tree(          | EPERM
          CHROOT         | CAP_SYS_CHROOT | chroot(             | EPERM
          SETNS          | CAP_SYS_ADMIN  | setns(              | EPERM
          PTRACE_READ    | CAP_SYS_PTRACE | readlink(           | EACCES
          SYSLOG         | CAP_SYSLOG     | syslog(             | EPERM
          KMSG           | CAP_SYSLOG     | open("/mnt/root/dev | EPERM
          """)
  void distinguishesABoundedCapabilityFromOneThatOnlyRootWouldHave(
      Ability ability, Capability capability, String call, Errno errno) throws ErrnoException {
    kernel.seccomp(SeccompMode.FILTER);
    kernel.failOn(call, errno);
    without(capability);

    AbilityFact bounded = fact(ability);
    assertThat(bounded.blockedBy()).isEqualTo(Blocker.BOUNDING);
    assertThat(bounded.detail()).contains("the container was not given " + capability + ".");

    capabilities(ALL.minus(CapabilitySet.of(capability)), ALL);
    AbilityFact notRoot = fact(ability);
    assertThat(notRoot.blockedBy()).isEqualTo(Blocker.CAPABILITY);
    assertThat(notRoot.detail()).contains(capability + " is in the bounding set but not effective");
  }

  @Test
  void needsSysAdminOrBothOfTheNewCapabilitiesToTrace() throws ErrnoException {
    kernel.failOn("bpf(", Errno.EPERM);
    kernel.seccomp(SeccompMode.FILTER);
    CapabilitySet admin = CapabilitySet.of(Capability.CAP_SYS_ADMIN);
    capabilities(admin, admin);
    assertThat(fact(Ability.BPF_TRACING).blockedBy()).isEqualTo(Blocker.SECCOMP);

    capabilities(CapabilitySet.of(Capability.CAP_BPF), CapabilitySet.of(Capability.CAP_BPF));
    assertThat(fact(Ability.BPF_TRACING).detail())
        .contains("the container was not given CAP_PERFMON.");
  }

  @Test
  void blamesLockdownForWhatItForbidsOnly() throws ErrnoException {
    kernel.lockdown("integrity");
    kernel.failOn("bpf(", Errno.EPERM);
    kernel.failOn("pivot_root(", Errno.EPERM);

    assertThat(fact(Ability.BPF_TRACING).blockedBy()).isEqualTo(Blocker.LOCKDOWN);
    assertThat(fact(Ability.BPF_TRACING).detail())
        .endsWith("the kernel is locked down (integrity).");
    assertThat(fact(Ability.PIVOT_ROOT).blockedBy()).isEqualTo(Blocker.KERNEL);
  }

  @Test
  void namesTheLsmsLabel() throws ErrnoException {
    kernel.lsmLabel("docker-default (enforce)");
    kernel.failOn("mount(\"/mnt/root\"", Errno.EACCES);

    assertThat(fact(Ability.MOUNT).detail())
        .endsWith("denied by the LSM that labels this process \"docker-default (enforce)\".");
  }

  @Test
  void namesTheSysctlThatMatters() throws ErrnoException {
    kernel.sysctl("kernel/perf_event_paranoid", 3);
    kernel.sysctl("kernel/dmesg_restrict", 1);
    kernel.failOn("perf_event_open(", Errno.EACCES);
    assertThat(fact(Ability.PERF_EVENTS).detail()).endsWith(": kernel.perf_event_paranoid is 3.");

    kernel.failOn("syslog(", Errno.EPERM);
    without(Capability.CAP_SYSLOG);
    assertThat(fact(Ability.SYSLOG).detail()).endsWith(" kernel.dmesg_restrict is 1.");
  }

  @Test
  void canReadOthersWhereOneProcessCanBeRead() throws ErrnoException {
    kernel.failOn("readlink(\"/mnt/root/proc/1/exe\"", Errno.EACCES);
    assertThat(fact(Ability.PTRACE_READ).available()).isTrue();

    without(Capability.CAP_SYS_PTRACE);
    assertThat(fact(Ability.PTRACE_READ).available()).isFalse();
  }

  @Test
  void asksTheOthersWhereItIsTheFirstProcessItself() throws Exception {
    Files.delete(container.resolve("mnt/root/proc/self"));
    Files.createSymbolicLink(container.resolve("mnt/root/proc/self"), Path.of("1"));
    kernel.failOn("readlink(\"/mnt/root/proc/7/exe\"", Errno.EACCES);

    assertThat(fact(Ability.PTRACE_READ).available()).isFalse();

    without(Capability.CAP_SYS_PTRACE);
    assertThat(fact(Ability.PTRACE_READ).blockedBy()).isEqualTo(Blocker.BOUNDING);
  }

  @Test
  void doesNotAcceptAProcessThatAnyUserMayInspect() throws ErrnoException {
    without(Capability.CAP_SYS_PTRACE);
    assertThat(fact(Ability.PTRACE_READ).available()).isTrue();

    kernel.failOn("readlink(\"/mnt/root/proc/7/exe\"", Errno.EACCES);
    assertThat(fact(Ability.PTRACE_READ).available()).isFalse();
  }

  @Test
  void isNotMisledByKernelThreads() throws ErrnoException {
    kernel.failOn("readlink(\"/mnt/root/proc/1/exe\"", Errno.ENOENT);
    kernel.failOn("readlink(\"/mnt/root/proc/7/exe\"", Errno.EACCES);

    assertThat(fact(Ability.PTRACE_READ).blockedBy()).isEqualTo(Blocker.LSM);
  }

  @Test
  void saysSoWhereTheHostsProcIsNotMounted() throws Exception {
    Files.delete(container.resolve("mnt/root/proc/self"));

    assertThat(fact(Ability.PTRACE_READ).blockedBy()).isEqualTo(Blocker.MOUNT);
  }

  @Test
  void cannotGoOnWhereNotEvenTheCapabilitiesCanBeRead() {
    kernel.failOn("capget(", Errno.EPERM);

    assertThatExceptionOfType(ErrnoException.class).isThrownBy(this::probe);
  }
}
