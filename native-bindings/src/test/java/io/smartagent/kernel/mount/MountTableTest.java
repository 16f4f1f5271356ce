package io.smartagent.kernel.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MountTableTest {

  private static MountTable table(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(MountTableTest.class.getResourceAsStream(name + ".mountinfo"))) {
      return MountTable.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void readsEveryFieldOfALine() throws Exception {
    assertThat(table("kubernetes").at("/mnt/root/var/lib/kubelet/pods/uid/volumes"))
        .contains(
            new MountPoint(
                915,
                910,
                "259:1",
                "/var/lib/kubelet/pods/uid/volumes",
                "/mnt/root/var/lib/kubelet/pods/uid/volumes",
                Set.of("rw", "relatime"),
                List.of("shared:5", "master:1", "propagate_from:2", "unbindable"),
                "xfs",
                "/dev/nvme0n1p1",
                Set.of("rw")));
  }

  @ParameterizedTest
  @CsvSource({"docker, 11", "kubernetes, 10", "systemd-host, 14"})
  void keepsEveryLineInOrder(String name, int lines) throws Exception {
    assertThat(table(name).mounts()).hasSize(lines);
  }

  @Test
  void undoesTheKernelsEscapes() throws Exception {
    MountTable host = table("systemd-host");

    assertThat(host.at("/mnt/with space\ttab\nline\\back#hash").orElseThrow().source())
        .isEqualTo("my source");
    assertThat(host.at("/mnt/caféé").orElseThrow().type()).isEqualTo("fuse.my fs");
  }

  @Test
  void ofStackedMountsOnlyTheTopOneIsVisible() throws Exception {
    MountTable host = table("systemd-host");

    assertThat(host.visibleBelow("/data")).extracting(MountPoint::id).containsExactly(35, 36);
    assertThat(host.at("/data").orElseThrow().source()).isEqualTo("/dev/sdb3");
    assertThat(host.at("/data/old")).isEmpty();
    assertThat(host.containing("/data/old/file").orElseThrow().id()).isEqualTo(35);
  }

  @Test
  void whatWasMountedOverLaterIsNotVisible() throws Exception {
    MountTable host = table("systemd-host");

    assertThat(host.visibleBelow("/srv")).extracting(MountPoint::id).containsExactly(38);
    assertThat(host.containing("/srv/a/b/c").orElseThrow().id()).isEqualTo(38);
  }

  @Test
  void aRootThatIsMountedOverHidesWhatWasBelow() {
    MountTable moved =
        MountTable.parse(
            """
            1 0 8:1 / / rw - ext4 a rw
            2 1 0:2 / /proc rw - proc proc rw
            3 1 8:3 / / rw - ext4 b rw
            4 3 0:2 / /proc rw - proc proc rw
            5 3 8:5 / / rw - ext4 c rw
            """);

    assertThat(moved.visibleBelow("/")).extracting(MountPoint::id).containsExactly(5);
  }

  @Test
  void findsTheMountThatAPathLiesOn() throws Exception {
    MountTable container = table("kubernetes");

    assertThat(container.containing("/mnt/root/etc/passwd").orElseThrow().id()).isEqualTo(910);
    assertThat(container.containing("/mnt/rooted").orElseThrow().id()).isEqualTo(900);
    assertThat(container.containing("/mnt/root/proc").orElseThrow().id()).isEqualTo(912);
    assertThat(container.at("/mnt/root/etc")).isEmpty();
    assertThat(new MountTable(List.of()).containing("/")).isEmpty();
  }

  @Test
  void aMountIsReadOnlyOnlyByItself() throws Exception {
    assertThat(table("kubernetes").at("/").orElseThrow().isReadOnly()).isTrue();
    assertThat(table("systemd-host").at("/broken").orElseThrow().isReadOnly()).isFalse();
    assertThat(table("systemd-host").at("/").orElseThrow().isReadOnly()).isFalse();
  }

  @Test
  void missingSuperOptionsAreNone() throws Exception {
    MountPoint bare = table("systemd-host").at("/bare").orElseThrow();

    assertThat(bare.isReadOnly()).isFalse();
    assertThat(bare.source()).isEqualTo("none");
    assertThat(bare.propagation()).isEmpty();
  }

  @Test
  void namesTheFlagsThatARemountHasToName() throws Exception {
    MountTable host = table("systemd-host");

    assertThat(host.at("/proc").orElseThrow().flagsToKeep())
        .containsExactly(MountFlag.MS_NOSUID, MountFlag.MS_NODEV, MountFlag.MS_NOEXEC);
    assertThat(host.at("/boot").orElseThrow().flagsToKeep())
        .containsExactly(MountFlag.MS_NOATIME, MountFlag.MS_NODIRATIME);
    assertThat(host.at("/mnt/with space\ttab\nline\\back#hash").orElseThrow().flagsToKeep())
        .containsExactly(MountFlag.MS_NOSYMFOLLOW);
    assertThat(host.at("/").orElseThrow().flagsToKeep()).isEmpty();
  }

  @Test
  void knowsAutomounts() throws Exception {
    assertThat(table("kubernetes").visibleBelow("/mnt/root"))
        .filteredOn(MountPoint::isAutomount)
        .extracting(MountPoint::path)
        .containsExactly("/mnt/root/proc/sys/fs/binfmt_misc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "22 1 8:1 / / rw,relatime shared:1",
        "22 1 8:1 / / rw - ext4",
        "- - -"
      })
  void refusesWhatIsNoLineOfMountinfo(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MountTable.parse(line + "\n"))
        .withMessage("not a line of mountinfo: " + line);
  }

  @Test
  void anEmptyFileIsAnEmptyTable() {
    assertThat(MountTable.parse("").mounts()).isEmpty();
    assertThat(MountTable.parse("\n").mounts()).isEmpty();
  }

  @Test
  void isQuickWithThousandsOfMounts() {
    StringBuilder text = new StringBuilder("1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n");
    for (int i = 2; i <= 5000; i++) {
      text.append(i).append(" 1 0:").append(i).append(" / /var/lib/kubelet/pods/").append(i);
      text.append("/volumes/token ro,relatime shared:").append(i).append(" - tmpfs tmpfs rw\n");
    }

    Assertions.assertTimeout(
        Duration.ofSeconds(3),
        () -> {
          MountTable table = MountTable.parse(text.toString());
          assertThat(table.visibleBelow("/var")).hasSize(4999);
          for (int i = 2; i <= 100; i++) {
            assertThat(table.at("/var/lib/kubelet/pods/" + i + "/volumes/token")).isPresent();
          }
        });
  }

  /** A recursive bind of a tree on itself, a thousand times, and a mount in each. */
  @Test
  void isQuickWithDeepStacks() {
    StringBuilder text = new StringBuilder("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
    for (int i = 2; i <= 5000; i++) {
      text.append(i).append(' ').append(i - 1).append(" 0:1 / /stack rw - tmpfs tmpfs rw\n");
    }
    for (int i = 5001; i <= 10_000; i++) {
      text.append(i).append(" 5000 0:1 / /stack/").append(i).append(" rw - tmpfs tmpfs rw\n");
    }

    Assertions.assertTimeout(
        Duration.ofSeconds(3),
        () -> {
          MountTable table = MountTable.parse(text.toString());
          assertThat(table.visibleBelow("/stack")).hasSize(5001);
          assertThat(table.at("/stack").orElseThrow().id()).isEqualTo(5000);
        });
  }

  @Test
  void ofTwoBesideEachOtherBothAreShown() {
    MountTable shadow =
        MountTable.parse(
            """
            1 0 8:1 / / ro - ext4 a rw
            2 1 0:2 / /srv ro - tmpfs one rw
            3 1 0:3 / /srv rw - tmpfs two rw
            """);

    assertThat(shadow.visibleBelow("/srv")).extracting(MountPoint::id).containsExactly(2, 3);
    assertThat(shadow.at("/srv").orElseThrow().id()).isEqualTo(3);
  }

  /** A tree that refers to itself is none, but must not be climbed for ever. */
  @Test
  void endsWhereMountsAreEachOthersParents() {
    MountTable circle =
        MountTable.parse("1 2 8:1 / /a rw - ext4 a rw\n2 1 8:2 / /a/b rw - ext4 b rw\n");

    assertThat(circle.visibleBelow("/")).isEmpty();
  }

  @Test
  void leavesABackslashThatIsNoEscape() {
    MountTable table = MountTable.parse("1 0 0:1 / / rw - cifs \\\\server\\99\\ rw\n");

    assertThat(table.at("/").orElseThrow().source()).isEqualTo("\\\\server\\99\\");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a, true",
    "/a, /a, true",
    "/ab, /a, false",
    "/a, /a/b, false",
    "/a, /, true",
    "/, /, true",
  })
  void comparesWholeComponents(String path, String ancestor, boolean below) {
    assertThat(MountTable.isAtOrBelow(path, ancestor)).isEqualTo(below);
  }

  @Test
  void writesFlagsAsCWould() {
    assertThat(MountFlag.names(List.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE)))
        .isEqualTo("MS_REC|MS_PRIVATE");
    assertThat(MountFlag.names(Set.of())).isEqualTo("0");
    assertThat(MountFlag.bits(List.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE))).isEqualTo(0x44000);
  }
}
