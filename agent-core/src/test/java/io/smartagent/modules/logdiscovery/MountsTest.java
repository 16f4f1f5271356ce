package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.process.ProcessFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of mounts that no test can have for real. */
final class MountsTest {

  private static final int HOST_INIT = 1;
  private static final int TENANT = 4711;

  @TempDir private Path root;

  /** Writes a table that is shorter than {@code bytes} by less than a line. */
  private void table(int pid, int bytes) throws IOException {
    StringBuilder text = new StringBuilder("20 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n");
    for (int i = 100; ; i++) {
      String line = i + " 20 0:" + i + " / /mnt/" + i + " rw - tmpfs tmpfs rw\n";
      if (text.length() + line.length() >= bytes) {
        break;
      }
      text.append(line);
    }
    Path file = root.resolve("proc/" + pid + "/mountinfo");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Mounts mounts() {
    Filesystem files = new LinuxKernel().filesystem();
    return new Mounts(files, new ProcessFiles(files, root.toString()));
  }

  @Test
  void readsALargeTableOnlyOfTheHost() throws Exception {
    table(HOST_INIT, 2_000_000);
    table(TENANT, 300_000);
    Mounts mounts = mounts();

    assertThat(mounts.ofHost()).isNotNull();
    assertThat(mounts.of(HOST_INIT)).isNotNull();
    assertThat(mounts.of(TENANT)).isNull();
  }

  @Test
  void readsNoHugeTable() throws Exception {
    table(HOST_INIT, 2_200_000);

    assertThat(mounts().ofHost()).isNull();
  }

  /** Else each file of the process would cost another attempt. */
  @Test
  void triesATableOnceInAPass() throws Exception {
    table(HOST_INIT, 2_200_000);
    table(TENANT, 300_000);
    Mounts mounts = mounts();
    assertThat(mounts.ofHost()).isNull();
    assertThat(mounts.of(TENANT)).isNull();

    table(HOST_INIT, 1000);
    table(TENANT, 1000);

    assertThat(mounts.ofHost()).isNull();
    assertThat(mounts.of(TENANT)).isNull();
    mounts.beginPass();
    assertThat(mounts.ofHost()).isNotNull();
    assertThat(mounts.of(TENANT)).isNotNull();
  }
}
