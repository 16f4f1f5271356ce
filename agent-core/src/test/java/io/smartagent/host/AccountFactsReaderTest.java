package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.linux.LinuxKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccountFactsReaderTest {

  @TempDir private Path root;

  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeRoot() throws Exception {
    for (String directory : new String[] {"etc", "usr/sbin", "bin", "sbin"}) {
      Files.createDirectories(root.resolve(directory));
    }
    kernel.filesystem(root);
  }

  private AccountFacts read() throws Exception {
    try (Descriptor top = kernel.filesystem().openDirectory("/")) {
      return AccountFactsReader.read(kernel.filesystem(), top);
    }
  }

  private void program(String path) throws Exception {
    Files.createFile(root.resolve(path));
    assertThat(root.resolve(path).toFile().setExecutable(true)).isTrue();
  }

  @Test
  void findsTheProgramsOfTheShadowSuite() throws Exception {
    program("usr/sbin/useradd");
    program("usr/sbin/groupadd");
    program("usr/sbin/nologin");

    assertThat(read().etcIsWritable()).isTrue();
    assertThat(read().tool())
        .contains(
            new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd"));
    assertThat(read().noLoginShell()).isEqualTo("/usr/sbin/nologin");
  }

  @Test
  void findsTheAppletsOfBusyboxByWhatTheyLeadTo() throws Exception {
    program("bin/busybox");
    Files.createSymbolicLink(root.resolve("usr/sbin/adduser"), Path.of("../../bin/busybox"));
    Path absolute =
        Files.createSymbolicLink(root.resolve("usr/sbin/addgroup"), Path.of("/bin/busybox"));

    AccountFacts facts;
    // The fake has no links of /proc.
    LinuxKernel real = new LinuxKernel();
    try (Descriptor top = real.filesystem().openDirectory(root.toString())) {
      facts = AccountFactsReader.read(real.filesystem(), top);
    } finally {
      Files.delete(absolute);
    }

    assertThat(facts.tool())
        .contains(
            new AccountTool(AccountTool.Kind.BUSYBOX, "/usr/sbin/addgroup", "/usr/sbin/adduser"));
    assertThat(facts.noLoginShell()).isEqualTo("/bin/false");
  }

  @Test
  void takesDebiansScriptsForNoApplets() throws Exception {
    program("usr/sbin/adduser");
    program("usr/sbin/addgroup");
    Files.createFile(root.resolve("usr/sbin/useradd"));
    Files.createFile(root.resolve("usr/sbin/groupadd"));

    assertThat(read().tool()).isEmpty();
  }

  @Test
  void looksNoFurtherWhereEtcIsReadOnly() throws Exception {
    program("usr/sbin/useradd");
    program("usr/sbin/groupadd");
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        104 100 8:1 / /etc ro - ext4 /dev/sda1 rw
        """);

    assertThat(read()).isEqualTo(AccountFacts.NONE);
  }

  @Test
  void takesNoEtcForReadOnly() throws Exception {
    Files.delete(root.resolve("etc"));
    assertThat(read()).isEqualTo(AccountFacts.NONE);

    Files.createSymbolicLink(root.resolve("etc"), Path.of("usr"));
    assertThat(read()).isEqualTo(AccountFacts.NONE);

    kernel.failOn("openat2(\"/etc\")", Errno.EACCES);
    assertThat(read()).isEqualTo(AccountFacts.NONE);
  }
}
