package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostPathsTest {

  private static final String KUBELET =
      "/var/lib/kubelet/pods/0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/volumes";

  /** A root, a disk of its own for containers, a volume's disk, and one that covers a directory. */
  private static final MountIndex HOST =
      MountIndex.parse(
          """
          27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
          24 27 0:6 / /dev rw - devtmpfs devtmpfs rw
          40 27 254:16 / /var/lib/docker rw,relatime - ext4 /dev/vdb rw
          41 27 8:0 / %1$s/kubernetes.io~csi/data/mount rw - xfs /dev/sda rw
          42 27 0:77 / %1$s/kubernetes.io~empty-dir/memory rw - tmpfs tmpfs rw
          43 27 0:78 / /srv/covered rw - tmpfs tmpfs rw
          44 40 0:50 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/abc/diff
          45 27 0:60 / /srv/layers rw - overlay overlay rw,lowerdir=1:2,upperdir=relative/diff
          """
              .formatted(KUBELET));

  private static final MountIndex CONTAINER =
      MountIndex.parse(
          """
          100 99 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X:/var/lib/docker/overlay2/l/Y,upperdir=/var/lib/docker/overlay2/abc/diff,workdir=/var/lib/docker/overlay2/abc/work
          101 100 0:51 / /proc rw - proc proc rw
          102 100 254:0 /srv/logs /logs rw - ext4 /dev/vda rw
          103 100 254:16 /volumes/v/_data /volume rw - ext4 /dev/vdb rw
          104 100 8:0 /sub /csi rw - xfs /dev/sda rw
          105 100 0:77 / /memory rw - tmpfs tmpfs rw
          106 100 0:99 / /own rw - tmpfs tmpfs rw
          107 100 254:0 /srv/covered/x /hidden rw - ext4 /dev/vda rw
          108 100 254:0 /gone//deleted /deleted rw - ext4 /dev/vda rw
          109 100 0:60 / /layers rw - overlay overlay rw,lowerdir=1:2,upperdir=relative/diff
          110 100 0:61 / /forged rw - overlay overlay rw,lowerdir=/lower,upperdir=/etc,workdir=/work
          """);

  @ParameterizedTest
  @CsvSource({
    "100, /var/log/app.log,  /var/lib/docker/overlay2/abc/diff/var/log/app.log",
    "102, /logs/a/app.log,   /srv/logs/a/app.log",
    "103, /volume/app.log,   /var/lib/docker/volumes/v/_data/app.log",
    "104, /csi/app.log,      <pod>/kubernetes.io~csi/data/mount/sub/app.log",
    "105, /memory/app.log,   <pod>/kubernetes.io~empty-dir/memory/app.log",
    // The file system is nowhere on the host.
    "106, /own/app.log,      ",
    // On the host, another file system is mounted over that part.
    "107, /hidden/app.log,   ",
    // What is mounted has no path any more.
    "108, /deleted/app.log,  ",
    // Its upper directory is relative to nobody knows what.
    "109, /layers/app.log,   /srv/layers/app.log",
    // In a user namespace of its own a process mounts an overlay of its own directories.
    "110, /forged/shadow,    ",
    // The mount of another namespace.
    "555, /logs/app.log,     ",
    // Before Linux 3.15 nobody says which mount it is.
    "-1,  /logs/app.log,     /srv/logs/app.log",
    // The runtime has opened it on the host and handed it down.
    "27,  /srv/app.log,      /srv/app.log"
  })
  void findsTheFileOnTheHost(int mount, String path, String expected) {
    Spot.InHost found = HostPaths.resolve(HOST, CONTAINER, mount, path);

    assertThat(found == null ? null : found.toString().replace(KUBELET, "<pod>"))
        .isEqualTo(expected);
  }

  /** Links that the container has put on the way must not lead out of its layer. */
  @Test
  void keepsTheLayerApartFromWhatIsBelow() {
    assertThat(HostPaths.resolve(HOST, CONTAINER, 100, "/var/log/app.log"))
        .isEqualTo(new Spot.InHost("/var/lib/docker/overlay2/abc/diff", "/var/log/app.log"));
  }

  @Test
  void trustsNoPathThatIsNotOnItsMount() {
    assertThat(HostPaths.resolve(HOST, CONTAINER, 102, "/elsewhere/app.log")).isNull();
    assertThat(HostPaths.resolve(HOST, CONTAINER, 102, "/logsother/app.log")).isNull();
  }
}
