package io.smartagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.kernel.process.UserIds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls in a wrong order have to fail on the fake as they do on the kernel. */
final class RecordingKernelTest {

  private final RecordingKernel kernel = new RecordingKernel();

  @TempDir private Path container;

  @BeforeEach
  void makeHostRoot() throws Exception {
    Files.createDirectories(container.resolve("mnt/root/etc"));
    Files.createDirectories(container.resolve("mnt/root/opt"));
    Files.writeString(container.resolve("mnt/root/etc/hostname"), "host\n");
    kernel.filesystem(container);
  }

  @Test
  void remembersChangesInOrderAndFailedOnesWithTheirErrno() throws Exception {
    kernel.failOn("mount_setattr(", Errno.ENOSYS);

    kernel.namespaces().unshareMounts();
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> kernel.mounts().sealRecursively("/mnt/root"))
        .withMessage(
            "mount_setattr(\"/mnt/root\", AT_RECURSIVE, MOUNT_ATTR_RDONLY): ENOSYS (Function not"
                + " implemented)");
    kernel.credentials().setUser(65534);

    assertThat(kernel.calls())
        .containsExactly(
            "unshare(CLONE_NEWNS|CLONE_FS)",
            "mount_setattr(\"/mnt/root\", AT_RECURSIVE, MOUNT_ATTR_RDONLY): ENOSYS",
            "setresuid(65534)");
  }

  @Test
  void aSealShowsInTheTableAndForbidsWriting() throws Exception {
    kernel.mounts().sealRecursively("/mnt/root");

    assertThat(kernel.mounts().table().visibleBelow("/mnt/root"))
        .hasSize(7)
        .allMatch(MountPoint::isReadOnly);
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> kernel.filesystem().tryMakeDirectory("/mnt/root/var/x"))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
    kernel.filesystem().tryMakeDirectory("/x");
  }

  @Test
  void aRemountIsForOneMountOnly() throws Exception {
    kernel.mounts().remountReadOnly("/mnt/root", Set.of(MountFlag.MS_NOSUID));

    assertThat(kernel.mounts().table().at("/mnt/root").orElseThrow().isReadOnly()).isTrue();
    assertThat(kernel.mounts().table().at("/mnt/root/var").orElseThrow().isReadOnly()).isFalse();
    assertThat(kernel.calls())
        .containsExactly("mount(\"/mnt/root\", MS_RDONLY|MS_NOSUID|MS_REMOUNT|MS_BIND)");
  }

  @Test
  void anIgnoredSealLeavesEverythingWritable() throws Exception {
    kernel.ignoreSeals();

    kernel.mounts().sealRecursively("/mnt/root");

    assertThat(kernel.mounts().table().visibleBelow("/mnt/root")).noneMatch(MountPoint::isReadOnly);
  }

  @Test
  void aClonedTreeStaysWritableWhenItsOriginalIsSealed() throws Exception {
    try (Descriptor tree = kernel.mounts().cloneTree("/mnt/root/opt")) {
      kernel.mounts().sealRecursively("/mnt/root");
      kernel.mounts().attachTree(tree, "/mnt/root/opt");
    }

    MountPoint opt = kernel.mounts().table().at("/mnt/root/opt").orElseThrow();
    assertThat(opt.isReadOnly()).isFalse();
    assertThat(opt.root()).isEqualTo("/opt");
    assertThat(kernel.mounts().table().containing("/mnt/root/etc").orElseThrow().isReadOnly())
        .isTrue();
  }

  @Test
  void pivotMakesTheWorkingDirectoryTheRoot() throws Exception {
    kernel.namespaces().changeDirectory("/mnt/root");

    kernel.mounts().pivotToWorkingDirectory();

    assertThat(kernel.mounts().table().mounts())
        .extracting(MountPoint::path)
        .containsExactly("/", "/boot", "/dev", "/proc", "/sys", "/run", "/var");
    assertThat(kernel.filesystem().readAll("/etc/hostname", 100)).asString().isEqualTo("host\n");
  }

  @Test
  void movingAndChrootDoTheSameAsPivot() throws Exception {
    kernel.namespaces().changeDirectory("/mnt/root");

    kernel.mounts().move(".", "/");
    kernel.namespaces().changeRoot(".");
    kernel.namespaces().changeDirectory("/");

    assertThat(kernel.mounts().table().mounts())
        .extracting(MountPoint::path)
        .containsExactly("/", "/boot", "/dev", "/proc", "/sys", "/run", "/var");
    assertThat(kernel.filesystem().readAll("/etc/hostname", 100)).asString().isEqualTo("host\n");
  }

  @Test
  void aTmpfsByDescriptorIsWrittenWithItsPath() throws Exception {
    try (Descriptor root = kernel.filesystem().openDirectory("/mnt/root");
        Descriptor opt = kernel.filesystem().locateInRoot(root, "opt")) {
      kernel.mounts().mountTmpfs(opt, new TmpfsOptions(4096, 0755), Set.of(MountFlag.MS_NOEXEC));
    }

    assertThat(kernel.calls())
        .containsExactly("mount(\"/mnt/root/opt\", tmpfs, MS_NOSUID|MS_NODEV|MS_NOEXEC)");
    assertThat(kernel.mounts().table().at("/mnt/root/opt").orElseThrow().type()).isEqualTo("tmpfs");
  }

  @Test
  void makesDirectoriesForRealBelowTheTestsOwn() throws Exception {
    try (Descriptor opt = kernel.filesystem().openDirectory("/mnt/root/opt")) {
      kernel.filesystem().makeDirectory(opt, "smartagent", 0750);
      try (Descriptor made = kernel.filesystem().locateInRoot(opt, "smartagent")) {
        kernel.filesystem().changeOwner(made, 1000, 1001);
        assertThat(kernel.filesystem().status(made).uid()).isEqualTo(1000);
      }
    }

    assertThat(container.resolve("mnt/root/opt/smartagent")).isDirectory();
    assertThat(kernel.calls())
        .containsExactly(
            "mkdir(\"/mnt/root/opt/smartagent\", 0750)",
            "fchown(\"/mnt/root/opt/smartagent\", 1000:1001)");
  }

  @Test
  void aChangeOfUserEmptiesTheSetsButForKeepcaps() throws Exception {
    CapabilitySet kept = CapabilitySet.of(Capability.CAP_SYSLOG);
    kernel.capabilities().keepOverChangeOfUser(true);
    kernel.credentials().setSupplementaryGroups(List.of(7));
    kernel.credentials().setGroup(8);
    kernel.credentials().setUser(9);

    ThreadCapabilities sets = kernel.capabilities().read();
    assertThat(sets.effective()).isEqualTo(CapabilitySet.NONE);
    assertThat(sets.permitted()).isEqualTo(CapabilitySet.upTo(40));
    kernel.capabilities().set(kept, kept, kept);
    kernel.capabilities().raiseAmbient(Capability.CAP_SYSLOG.number());
    assertThat(kernel.capabilities().read().ambient()).isEqualTo(kept);
    assertThat(kernel.credentials().users()).isEqualTo(new UserIds(9, 9, 9));
    assertThat(kernel.credentials().groups()).isEqualTo(new UserIds(8, 8, 8));
    assertThat(kernel.credentials().supplementaryGroups()).containsExactly(7);
  }

  @Test
  void whatIsNotEffectiveIsNotPermitted() throws Exception {
    kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    assertRefused(() -> kernel.capabilities().dropFromBoundingSet(21));
    assertRefused(() -> kernel.capabilities().raiseAmbient(21));
    assertRefused(() -> kernel.capabilities().setSecurebits(Securebits.lockedDown()));
    assertRefused(() -> kernel.credentials().setUser(1));
    assertRefused(() -> kernel.namespaces().unshareMounts());
    assertRefused(() -> kernel.namespaces().changeRoot("/mnt/root"));
    assertRefused(() -> kernel.mounts().sealRecursively("/mnt/root"));
    assertRefused(() ->
        kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.upTo(0), CapabilitySet.NONE));
  }

  private static void assertRefused(CallLog.Effect call) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(call::apply)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
  }

  @Test
  void remembersWhatWasExecuted() throws Exception {
    kernel
        .execution()
        .execute("/bin/true", List.of(bytes("true"), bytes("-v")), List.of(bytes("A=b=c")));

    assertThat(kernel.calls()).containsExactly("execve(\"/bin/true\")");
    assertThat(kernel.executed())
        .contains(
            new RecordingKernel.Executed("/bin/true", List.of("true", "-v"), Map.of("A", "b=c")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyTrialIsAllowedUntilToldOtherwise() throws Exception {
    kernel.syscallProbes().pivotRoot();
    kernel.syscallProbes().tracingProgram();
    kernel.failOn("pivot_root(", Errno.EPERM);
    kernel.failOn("open(\"/dev/kmsg\"", Errno.EPERM);

    assertRefused(kernel.syscallProbes()::pivotRoot);
    assertRefused(() -> kernel.syscallProbes().readDevice("/dev/kmsg"));
    assertThat(kernel.calls()).isEmpty();
  }
}
