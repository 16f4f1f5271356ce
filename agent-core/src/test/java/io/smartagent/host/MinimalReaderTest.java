package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.kernel.RecordingKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MinimalReaderTest {

  @TempDir private Path container;

  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeContainer() throws IOException {
    for (String directory : List.of("bin", "etc", "var/lib/bonree", "usr/lib", "sys/fs/selinux")) {
      Files.createDirectories(container.resolve("mnt/root").resolve(directory));
    }
    Files.createDirectories(container.resolve("sys/fs/selinux"));
    kernel.filesystem(container);
    kernel.mountTable("100 1 0:50 / / rw - overlay overlay rw\n");
  }

  private MinimalFacts read(String... paths) throws Exception {
    return new MinimalReader(HostFiles.of(kernel, "/mnt/root")).read(List.of(paths));
  }

  @Test
  void findsDirectoriesFilesAndLinksThatStayInTheRoot() throws Exception {
    Files.createFile(container.resolve("mnt/root/file"));
    Files.createSymbolicLink(container.resolve("mnt/root/lib"), Path.of("usr/lib"));
    Files.createSymbolicLink(container.resolve("mnt/root/lib64"), Path.of("/usr/lib"));
    Files.createSymbolicLink(container.resolve("mnt/root/sbin"), Path.of("usr/sbin"));

    assertThat(read("/bin", "/file", "/lib", "/lib64", "/sbin", "/absent").places())
        .containsExactly(
            new Place("/bin", true, "/bin"),
            new Place("/file", false, "/file"),
            new Place("/lib", true, "/usr/lib"),
            new Place("/lib64", true, "/usr/lib"));
    // JUnit warns of each link out of the directory that it deletes.
    Files.delete(container.resolve("mnt/root/lib64"));
  }

  @Test
  void seesInTheMountTableThatBinIsUsrBin() throws Exception {
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        101 100 8:1 /somewhere/usr/bin /mnt/root/bin ro - ext4 /dev/sda1 rw
        102 100 8:1 /usr/local/etc /mnt/root/etc ro - ext4 /dev/sda1 rw
        103 100 8:1 /var /mnt/root/var ro - ext4 /dev/sda1 rw
        """);

    assertThat(read("/bin", "/etc", "/var").places())
        .containsExactly(
            new Place("/bin", true, "/usr/bin"),
            new Place("/etc", true, "/etc"),
            new Place("/var", true, "/var"));
  }

  @Test
  void namesWhatIsMountedBelowARootThatIsNoMount() throws Exception {
    String table =
        """
        100 1 0:50 / / rw - overlay overlay rw
        101 100 8:1 /bin /mnt/root/bin ro - ext4 /dev/sda1 rw
        103 100 8:1 /var /mnt/root/var ro - ext4 /dev/sda1 rw
        104 103 8:1 /var/lib/bonree /mnt/root/var/lib/bonree rw - ext4 /dev/sda1 rw
        """;
    kernel.mountTable(table);
    assertThat(read().mounted()).extracting(Place::path).containsExactly("/bin", "/var");

    kernel.mountTable(table + "90 100 8:1 / /mnt/root ro - ext4 /dev/sda1 rw\n");
    assertThat(read().mounted()).isEmpty();
  }

  @Test
  void asksTheHostAndTheContainerWhetherSelinuxEnforces() throws Exception {
    assertThat(read().enforcing()).isEmpty();

    Files.writeString(container.resolve("sys/fs/selinux/enforce"), "1");
    assertThat(read().enforcing()).contains("/sys/fs/selinux/enforce");

    Files.writeString(container.resolve("sys/fs/selinux/enforce"), "0");
    assertThat(read().enforcing()).isEmpty();

    Files.writeString(container.resolve("mnt/root/sys/fs/selinux/enforce"), "1\n");
    assertThat(read().enforcing()).contains("/mnt/root/sys/fs/selinux/enforce");
  }
}
