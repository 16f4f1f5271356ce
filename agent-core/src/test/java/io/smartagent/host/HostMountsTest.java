package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartagent.host.HostMounts.WritableMount;
import io.smartagent.kernel.mount.MountTable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HostMountsTest {

  private static HostMounts read(String mountinfo) {
    return HostMounts.of(MountTable.parse(mountinfo).visibleBelow("/mnt/root"), "/mnt/root");
  }

  @Test
  void findsWhatIsWritableBelowTheHostsRootSortedByPath() {
    HostMounts mounts =
        read(
            """
            100 1 0:50 / / rw - overlay overlay rw
            104 100 8:1 / /mnt/root ro,relatime - ext4 /dev/sda1 rw
            105 104 8:2 / /mnt/root/var rw,nosuid - ext4 /dev/sda2 rw
            106 104 0:40 / /mnt/root/misc rw - autofs systemd-1 rw
            107 104 8:3 / /mnt/root/boot rw - vfat /dev/sda3 rw
            108 105 8:4 / /mnt/root/var/log ro - ext4 /dev/sda4 rw
            109 104 0:41 / /mnt/root/with\\040space rw - tmpfs tmpfs rw
            """);

    assertThat(mounts.writable())
        .containsExactly(
            new WritableMount("/boot", "vfat", false),
            new WritableMount("/var", "ext4", false),
            new WritableMount("/with space", "tmpfs", false));
    assertThat(mounts.unlisted()).isZero();
  }

  @Test
  void leavesOutWhatAnotherMountCovers() {
    HostMounts mounts =
        read(
            """
            104 1 8:1 / /mnt/root ro - ext4 /dev/sda1 rw
            105 104 8:2 / /mnt/root/data rw - ext4 /dev/sda2 rw
            106 105 8:2 / /mnt/root/data ro - ext4 /dev/sda2 rw
            """);

    assertThat(mounts.writable()).isEmpty();
  }

  @Test
  void distinguishesThePodsOwnDirectoryFromThoseOfOthers() {
    HostMounts mounts =
        read(
            """
            104 1 8:1 / /mnt/root ro - ext4 /dev/sda1 rw
            105 104 8:1 /var/lib/kubelet/pods/1-2/volumes/kubernetes.io~empty-dir/tmp /mnt/root/tmp rw - ext4 /dev/sda1 rw
            106 104 8:1 /var/lib/kubelet/pods/3-4/volumes/kubernetes.io~empty-dir/a/b /mnt/root/var/lib/kubelet/pods/3-4/volume-subpaths/a/app/0 rw - ext4 /dev/sda1 rw
            """);

    assertThat(mounts.writable())
        .extracting(WritableMount::path, WritableMount::ofPod)
        .containsExactly(
            tuple("/tmp", true), tuple("/var/lib/kubelet/pods/3-4/volume-subpaths/a/app/0", false));
  }

  @Test
  void countsThoseBeyondItsLimit() {
    String many =
        IntStream.range(200, 1203)
            .mapToObj(i -> i + " 104 8:2 / /mnt/root/srv/" + i + " rw - ext4 /dev/sda2 rw\n")
            .collect(Collectors.joining());

    HostMounts mounts = read("104 1 8:1 / /mnt/root ro - ext4 /dev/sda1 rw\n" + many);

    assertThat(mounts.writable()).hasSize(HostMounts.LIMIT);
    assertThat(mounts.unlisted()).isEqualTo(3);
  }
}
