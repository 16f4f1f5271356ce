package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountWatch;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.mount.TmpfsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mount is made in a namespace of the thread's own, which vanishes with the thread. */
final class LinuxMountsTest {

  private static final TmpfsOptions SMALL = new TmpfsOptions(1 << 20, 0755);

  private final LinuxKernel kernel = new LinuxKernel();
  private final Mounts mounts = kernel.mounts();

  @TempDir private Path directory;

  private String top = "";

  @BeforeEach
  void needsSysAdmin() throws Exception {
    Requires.capabilities(CAP_SYS_ADMIN);
    top = directory.toRealPath().toString();
  }

  @AfterEach
  void nothingIsMountedForOthers() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(top);
    assertThat(directory).isEmptyDirectory();
  }

  private void inOwnNamespace(ThrowAwayThread.Body body) throws Exception {
    ThrowAwayThread.run(() -> {
      kernel.namespaces().unshareMounts();
      mounts.makePrivateRecursively("/");
      mounts.mountTmpfs(top, SMALL, Set.of());
      body.run();
    });
  }

  /** Mounts a second tmpfs below the first, and one below that. */
  private void mountSubmounts() throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    mounts.mountTmpfs(top + "/sub", SMALL, Set.of());
    Files.createDirectory(directory.resolve("sub/sub"));
    mounts.mountTmpfs(top + "/sub/sub", SMALL, EnumSet.of(MountFlag.MS_NOEXEC));
  }

  private MountPoint mountAt(String path) throws ErrnoException {
    return mounts.table().at(path).orElseThrow();
  }

  private static void assertReadOnly(Path place) {
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> Files.createFile(place.resolve("new")))
        .withMessageContaining("Read-only file system");
  }

  private static void assertWritable(Path place) throws Exception {
    Files.delete(Files.createFile(place.resolve("new")));
  }

  private static void assertFails(Errno errno, ThrowingCallable body) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(body)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void mountsATmpfsAsFindmntSeesIt() throws Exception {
    Requires.program("findmnt");
    inOwnNamespace(() -> {
      Files.createDirectory(directory.resolve("small"));
      mounts.mountTmpfs(
          top + "/small", new TmpfsOptions(65536, 0750), EnumSet.of(MountFlag.MS_NOEXEC));

      String line =
          Program.run("findmnt", "-n", "-o", "FSTYPE,PROPAGATION,OPTIONS", top + "/small").text();
      assertThat(line)
          .startsWith("tmpfs")
          .contains("private", "nosuid", "nodev", "noexec", "size=64k", "mode=750");
      assertThat(mountAt(top + "/small").options()).contains("rw", "nosuid", "nodev", "noexec");
    });
  }

  @Test
  void readsTheSameTableAsFindmnt() throws Exception {
    Requires.program("findmnt");
    inOwnNamespace(() -> {
      mountSubmounts();
      mounts.mountTmpfs(top + "/sub", SMALL, Set.of());

      List<String> seen =
          Program.run("findmnt", "-n", "-l", "-o", "TARGET").text().lines().toList();
      assertThat(mounts.table().mounts())
          .extracting(MountPoint::path)
          .containsExactlyInAnyOrderElementsOf(seen);
      assertThat(mounts.table().visibleBelow(top))
          .extracting(MountPoint::path)
          .containsExactly(top, top + "/sub");
    });
  }

  @Test
  void sealsEveryMountOfATree() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();

      mounts.sealRecursively(top);

      assertThat(mounts.table().visibleBelow(top)).hasSize(3).allMatch(MountPoint::isReadOnly);
      assertReadOnly(directory);
      assertReadOnly(directory.resolve("sub"));
      assertReadOnly(directory.resolve("sub/sub"));
    });
  }

  @Test
  void remountsOneMountAndKeepsItsFlags() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();
      MountPoint before = mountAt(top + "/sub/sub");

      mounts.remountReadOnly(top, mountAt(top).flagsToKeep());
      mounts.remountReadOnly(top + "/sub/sub", before.flagsToKeep());

      assertReadOnly(directory);
      assertWritable(directory.resolve("sub"));
      assertReadOnly(directory.resolve("sub/sub"));
      assertThat(mountAt(top + "/sub/sub").options())
          .contains("ro", "nosuid", "nodev", "noexec", "relatime");
    });
  }

  @Test
  void remountingKeepsHowAccessTimesAreWritten() throws Exception {
    Requires.program("mount");
    inOwnNamespace(() -> {
      for (String times : List.of("noatime", "nodiratime", "strictatime")) {
        String options = "remount,bind,rw,nosuid,nodev," + times;
        if (times.equals("nodiratime")) {
          options += ",strictatime";
        }
        assertThat(Program.run("mount", "-o", options, top).exitCode()).isZero();
        MountPoint before = mountAt(top);

        mounts.remountReadOnly(top, before.flagsToKeep());

        assertThat(mountAt(top).options())
            .as(times)
            .containsExactlyInAnyOrderElementsOf(
                before.options().stream().map(o -> o.equals("rw") ? "ro" : o).toList());
      }
    });
  }

  @Test
  void aClonedTreeAttachedAfterTheSealIsWritable() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();
      Files.createDirectory(directory.resolve("kept"));
      Files.writeString(directory.resolve("kept/file"), "content");
      try (Descriptor tree = mounts.cloneTree(top + "/kept")) {
        mounts.sealRecursively(top);
        mounts.attachTree(tree, top + "/kept");
      }

      assertReadOnly(directory);
      assertWritable(directory.resolve("kept"));
      assertThat(directory.resolve("kept/file")).hasContent("content");
      assertThat(mountAt(top + "/kept").root()).isEqualTo("/kept");
    });
  }

  @Test
  void bindsWithAndWithoutSubmounts() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();
      Files.createDirectory(directory.resolve("one"));
      Files.createDirectory(directory.resolve("all"));

      mounts.bind(top + "/sub", top + "/one", false);
      mounts.bind(top + "/sub", top + "/all", true);

      assertThat(mounts.table().visibleBelow(top + "/one")).hasSize(1);
      assertThat(mounts.table().visibleBelow(top + "/all")).hasSize(2);
    });
  }

  @Test
  void bindsByDescriptorWhatWasOpenedAndNotWhatStandsThereNow() throws Exception {
    inOwnNamespace(() -> {
      Path file = Files.writeString(directory.resolve("mask"), "mask");
      Path target = Files.writeString(directory.resolve("secret"), "secret");
      try (Descriptor root = kernel.filesystem().openDirectory(top);
          Descriptor source = kernel.filesystem().locateInRoot(root, "mask");
          Descriptor place = kernel.filesystem().locateInRoot(root, "secret")) {
        Files.move(file, directory.resolve("moved"));
        Files.createSymbolicLink(file, Path.of("/etc/passwd"));

        mounts.bind(source, place, false);
      }

      assertThat(target).hasContent("mask");
    });
  }

  @Test
  void mountsATmpfsOnAnOpenDirectory() throws Exception {
    inOwnNamespace(() -> {
      Files.createDirectory(directory.resolve("hidden"));
      Files.createFile(directory.resolve("hidden/file"));
      try (Descriptor root = kernel.filesystem().openDirectory(top);
          Descriptor hidden = kernel.filesystem().locateInRoot(root, "hidden")) {
        mounts.mountTmpfs(hidden, SMALL, EnumSet.of(MountFlag.MS_RDONLY));
      }

      assertThat(directory.resolve("hidden")).isEmptyDirectory();
      assertReadOnly(directory.resolve("hidden"));
    });
  }

  @Test
  void detachesAMountInUse() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();
      kernel.namespaces().changeDirectory(top + "/sub");

      mounts.detach(top + "/sub");

      assertThat(mounts.table().visibleBelow(top)).hasSize(1);
      assertFails(Errno.EINVAL, () -> mounts.detach(top + "/sub"));
    });
  }

  @Test
  void pivotsToTheWorkingDirectory() throws Exception {
    inOwnNamespace(() -> {
      Files.createFile(directory.resolve("marker"));
      kernel.namespaces().changeDirectory(top);

      mounts.pivotToWorkingDirectory();

      kernel.namespaces().changeDirectory("/");
      assertOnlyTheMarkerIsLeft();
    });
  }

  @Test
  void movesTheWorkingDirectoryOverTheRoot() throws Exception {
    Requires.capabilities(CAP_SYS_CHROOT);
    inOwnNamespace(() -> {
      Files.createFile(directory.resolve("marker"));
      kernel.namespaces().changeDirectory(top);

      mounts.move(".", "/");
      kernel.namespaces().changeRoot(".");

      kernel.namespaces().changeDirectory("/");
      assertOnlyTheMarkerIsLeft();
    });
  }

  private void assertOnlyTheMarkerIsLeft() throws ErrnoException {
    try (Descriptor root = kernel.filesystem().openDirectory("/../..")) {
      assertThat(kernel.filesystem().list(root)).containsExactly("marker");
    }
    assertFails(Errno.ENOENT, mounts::table);
  }

  @Test
  void unshareGivesTheThreadAlonePrivateMounts() throws Exception {
    inOwnNamespace(() -> {
      assertWritable(directory);
      assertThat(Files.readString(Path.of("/proc/thread-self/mountinfo"))).contains(top);
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(top);
      assertThat(mounts.table().mounts()).allMatch(mount -> mount.propagation().isEmpty());
    });
  }

  @Test
  void failsWithCallSubjectAndFlagsByName() throws Exception {
    ThrowAwayThread.run(() -> {
      kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> mounts.remountReadOnly("/", EnumSet.of(MountFlag.MS_NOSUID)))
          .withMessage(
              "mount(\"/\", MS_RDONLY|MS_NOSUID|MS_REMOUNT|MS_BIND): EPERM (Operation not"
                  + " permitted)");
      assertFails(Errno.EPERM, () -> mounts.sealRecursively("/"));
      assertFails(Errno.EPERM, () -> mounts.cloneTree("/"));
      assertFails(Errno.EPERM, () -> kernel.namespaces().unshareMounts());
      assertFails(Errno.EPERM, () -> kernel.namespaces().changeRoot("/"));
      kernel.namespaces().unshareRoot();
    });
  }

  private void mountAwkward(byte... name) throws Exception {
    try (Descriptor parent = kernel.filesystem().openDirectory(top)) {
      kernel.filesystem().makeDirectory(parent, PathText.of(name), 0755);
    }
    mounts.mountTmpfs(top + "/" + PathText.of(name), SMALL, EnumSet.of(MountFlag.MS_NOEXEC));
  }

  @Test
  void findsAndRemountsPlacesWhoseNamesAreNoText() throws Exception {
    inOwnNamespace(() -> {
      mountAwkward((byte) 0xff, (byte) 0xfe);
      mountAwkward((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xe9);
      mountAwkward((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xe8);
      mountAwkward(" \t\n\\#\\040 é😀".getBytes(StandardCharsets.UTF_8));

      List<MountPoint> found = mounts.table().visibleBelow(top);
      assertThat(found).hasSize(5);
      for (MountPoint mount : found) {
        mounts.remountReadOnly(mount.path(), mount.flagsToKeep());
        assertFails(Errno.EROFS, () -> kernel.filesystem().tryMakeDirectory(mount.path() + "/new"));
      }

      assertThat(mounts.table().visibleBelow(top)).hasSize(5).allMatch(MountPoint::isReadOnly);
    });
  }

  @Test
  void sealsTheOneOfAStackThatAPathLeadsTo() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();
      mounts.mountTmpfs(top + "/sub", SMALL, Set.of());
      mounts.mountTmpfs(top + "/sub", SMALL, EnumSet.of(MountFlag.MS_NOEXEC));
      MountPoint before = mountAt(top + "/sub");

      mounts.remountReadOnly(top + "/sub", before.flagsToKeep());

      assertThat(mountAt(top + "/sub").id()).isEqualTo(before.id());
      assertReadOnly(directory.resolve("sub"));
      assertThat(mounts.table().mounts())
          .filteredOn(mount -> mount.path().equals(top + "/sub"))
          .extracting(MountPoint::isReadOnly)
          .containsExactly(false, false, true);
    });
  }

  @Test
  void aMountWhoseSourceIsGoneIsSealedLikeAnyOther() throws Exception {
    inOwnNamespace(() -> {
      Files.createDirectories(directory.resolve("gone"));
      Files.createDirectories(directory.resolve("shown"));
      mounts.bind(top + "/gone", top + "/shown", false);
      Files.delete(directory.resolve("gone"));
      assertThat(mountAt(top + "/shown").root()).endsWith("//deleted");

      mounts.remountReadOnly(top + "/shown", mountAt(top + "/shown").flagsToKeep());

      assertThat(mountAt(top + "/shown").isReadOnly()).isTrue();
    });
  }

  /**
   * What is told once is not told again; but a directory that is removed on the machine takes what
   * is mounted on it out of every namespace.
   */
  private static void awaitQuiet(MountWatch watch) throws ErrnoException {
    int told = 0;
    while (watch.await(Duration.ofMillis(1))) {
      assertThat(++told).as("changes that nobody makes").isLessThan(1000);
    }
  }

  @Test
  void watchesTheTable() throws Exception {
    inOwnNamespace(() -> {
      try (MountWatch watch = mounts.watch()) {
        awaitQuiet(watch);
        mountSubmounts();
        assertThat(watch.await(Duration.ofMinutes(1))).as("mounted").isTrue();
        awaitQuiet(watch);
        mounts.remountReadOnly(top + "/sub", mountAt(top + "/sub").flagsToKeep());
        assertThat(watch.await(Duration.ofMinutes(1))).as("remounted").isTrue();
        mounts.sealRecursively(top);
        assertThat(watch.await(Duration.ofMinutes(1))).as("sealed").isTrue();
        mounts.detach(top + "/sub");
        assertThat(watch.await(Duration.ofMinutes(1))).as("unmounted").isTrue();
        awaitQuiet(watch);
      }
    });
  }

  @Test
  void watchesWithoutAnyCapability() throws Exception {
    inOwnNamespace(() -> {
      kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);
      try (MountWatch watch = mounts.watch()) {
        awaitQuiet(watch);
      }
    });
  }

  @Test
  void aPathWithANulInItIsNotCutOff() throws Exception {
    inOwnNamespace(() -> {
      mountSubmounts();

      assertFails(Errno.EINVAL, () -> mounts.sealRecursively(top + "\0/sub"));

      assertThat(mounts.table().visibleBelow(top)).noneMatch(MountPoint::isReadOnly);
    });
  }
}
