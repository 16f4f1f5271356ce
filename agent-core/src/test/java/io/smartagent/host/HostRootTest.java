package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.kernel.linux.LinuxKernel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real directories, with the real kernel: what it must not follow, it does not follow. */
final class HostRootTest {

  private final LinuxKernel kernel = new LinuxKernel();

  private final List<Path> links = new ArrayList<>();

  @TempDir private Path root;
  @TempDir private Path outside;

  @BeforeEach
  void makeRoot() throws IOException {
    for (String name : List.of("etc", "usr/bin", "proc", "opt", "tmp", "var/lib/bonree", "boot")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.writeString(root.resolve("etc/passwd"), "nobody:x:65534:65534::/:/bin/false\n");
    Files.writeString(outside.resolve("passwd"), "evil:x:0:0::/:/bin/sh\n");
  }

  private HostFacts read(String mountPoint, Optional<String> program) {
    return new HostRoot(HostFiles.of(kernel, mountPoint))
        .read(
            new HostRoot.Question("/opt", "/var/lib/bonree", List.of("runtime", "other"), program));
  }

  private HostFacts read() {
    return read(root.toString(), Optional.empty());
  }

  private ProgramFacts program(String name) {
    return read(root.toString(), Optional.of(name)).program().orElseThrow();
  }

  private void replace(String name, Path target) throws IOException {
    Files.deleteIfExists(root.resolve(name));
    link(name, target);
  }

  private void link(String name, Path target) throws IOException {
    links.add(Files.createSymbolicLink(root.resolve(name), target));
  }

  /** JUnit warns of each link out of the directory that it deletes. */
  @AfterEach
  void deleteLinks() throws IOException {
    for (Path link : links) {
      Files.deleteIfExists(link);
    }
  }

  private void mode(String name, String permissions) throws IOException {
    Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString(permissions));
  }

  private void executable(String name) throws IOException {
    Files.writeString(root.resolve(name), "#!/bin/true\n");
    mode(name, "rwxr-xr-x");
  }

  @Test
  void seesWhatIsThere() throws IOException {
    Files.createDirectory(root.resolve("var/lib/bonree/runtime"));

    HostFacts facts = read();

    assertThat(facts.root().state()).isEqualTo(HostFacts.State.ROOT);
    assertThat(facts.root().isMountPoint()).isFalse();
    assertThat(facts.users().passwd().orElseThrow().byName("nobody")).isPresent();
    assertThat(facts.directories().install().isDirectory()).isTrue();
    assertThat(facts.directories().runtime().entries()).containsExactly("runtime");
    assertThat(facts.directories().runtimeParent().path()).isEqualTo("/var/lib");
    assertThat(facts.entries().hasProc()).isFalse();
    assertThat(facts.entries().hasProcDirectory()).isTrue();
    assertThat(facts.entries().hasTmp()).isTrue();
    assertThat(facts.program()).isEmpty();
  }

  @Test
  void distinguishesARootFromOtherDirectories() throws IOException {
    Path file = Files.createFile(outside.resolve("file"));

    assertThat(read(outside.resolve("absent").toString(), Optional.empty()).root().state())
        .isEqualTo(HostFacts.State.ABSENT);
    assertThat(read(file.toString(), Optional.empty()).root().state())
        .isEqualTo(HostFacts.State.NOT_A_DIRECTORY);
    HostFacts empty = read(outside.toString(), Optional.empty());
    assertThat(empty.root().state()).isEqualTo(HostFacts.State.NOT_A_ROOT);
    assertThat(empty.root().detail()).isEqualTo("of etc, bin, usr, proc, var it has 0");
  }

  @Test
  void takesTheMachinesOwnRootForAMountPointWithAProcfs() {
    HostFacts facts = read("/", Optional.empty());

    assertThat(facts.root().state()).isEqualTo(HostFacts.State.ROOT);
    assertThat(facts.root().isMountPoint()).isTrue();
    assertThat(facts.entries().hasProc()).isTrue();
    assertThat(facts.users().passwd().orElseThrow().byUid(0)).isPresent();
  }

  @Test
  void followsAPasswdThatIsALinkWithinTheRootOnly() throws IOException {
    Files.writeString(root.resolve("usr/passwd"), "linked:x:7:7::/:/bin/sh\n");
    replace("etc/passwd", Path.of("/usr/passwd"));
    assertThat(read().users().passwd().orElseThrow().byName("linked")).isPresent();

    replace("etc/passwd", outside.resolve("passwd"));
    assertThat(read().users().passwd()).isEmpty();
    assertThat(read().users().detail()).contains("ENOENT");

    replace("etc/passwd", Path.of("../../../../../../../../../etc/passwd"));
    assertThat(read().users().passwd()).isEmpty();
    assertThat(read().users().detail()).contains("ELOOP");
  }

  @Test
  void readsNoPasswdThatIsNoFile() throws Exception {
    Files.delete(root.resolve("etc/passwd"));
    assertThat(read().users().passwd()).isEmpty();

    Files.createDirectory(root.resolve("etc/passwd"));
    assertThat(read().users().passwd()).isEmpty();

    Files.delete(root.resolve("etc/passwd"));
    Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("etc/passwd").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();
    assertThat(read().users().passwd()).isEmpty();
    assertThat(read().users().detail()).isNotBlank();
  }

  @Test
  void readsNoPasswdThatWouldFillItsMemory() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("etc/passwd").toFile(), "rw")) {
      file.setLength(65L << 20);
    }

    assertThat(read().users().passwd()).isEmpty();
    assertThat(read().users().detail()).contains("EFBIG");
  }

  @Test
  void acceptsNoDirectoryBehindALink() throws IOException {
    replace("opt", outside);
    assertThat(read().directories().install().state()).isEqualTo(DirectoryFacts.State.LINK);
    assertThat(read().directories().install().detail()).isEqualTo("/opt");

    Files.delete(root.resolve("var/lib/bonree"));
    replace("var/lib", Path.of("../opt"));
    assertThat(read().directories().runtime().state()).isEqualTo(DirectoryFacts.State.LINK);
    assertThat(read().directories().runtime().detail()).isEqualTo("/var/lib");
  }

  @Test
  void namesTheLevelThatIsMissingOrAFile() throws IOException {
    Files.delete(root.resolve("var/lib/bonree"));
    assertThat(read().directories().runtime().state()).isEqualTo(DirectoryFacts.State.ABSENT);
    assertThat(read().directories().runtime().detail()).isEqualTo("/var/lib/bonree");
    assertThat(read().directories().runtimeParent().isDirectory()).isTrue();

    Files.delete(root.resolve("var/lib"));
    assertThat(read().directories().runtime().detail()).isEqualTo("/var/lib");

    Files.createFile(root.resolve("var/lib"));
    assertThat(read().directories().runtime().state())
        .isEqualTo(DirectoryFacts.State.NOT_A_DIRECTORY);
    assertThat(read().directories().runtime().detail()).isEqualTo("/var/lib");
  }

  @Test
  void namesEveryLevelThatIsTooClosed() throws IOException {
    mode("var", "rwxr-x---");
    mode("var/lib/bonree", "rwx------");

    assertThat(read().directories().runtime().isDirectory()).isTrue();
    assertThat(read().directories().runtime().tooClosed())
        .containsExactly("/var (0750)", "/var/lib/bonree (0700)");
    assertThat(read().directories().install().tooClosed()).isEmpty();
  }

  @Test
  void hidesTheDirectoryThatALinkOfTheRootLeadsTo() throws IOException {
    Files.createDirectories(root.resolve("var/roothome"));
    Files.createSymbolicLink(root.resolve("root"), Path.of("var/roothome"));

    assertThat(read().entries().pruned()).contains(new PrunedEntry("/var/roothome", true));
  }

  @Test
  void hidesDirectoriesAndFilesButNoLinks() throws IOException {
    Files.createFile(root.resolve("vmlinuz-6.1"));
    Files.createDirectory(root.resolve("lost+found"));
    Files.createDirectory(root.resolve("rooted"));
    Files.createSymbolicLink(root.resolve("initrd.img"), Path.of("boot/initrd.img"));

    assertThat(read().entries().pruned())
        .containsExactly(
            new PrunedEntry("/boot", true),
            new PrunedEntry("/lost+found", true),
            new PrunedEntry("/vmlinuz-6.1", false));
  }

  @Test
  void findsAProgramByItsPathOrInTheSearchPath() throws IOException {
    executable("usr/bin/agent");
    Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));

    assertThat(program("agent")).isEqualTo(new ProgramFacts("agent", "/usr/bin/agent", ""));
    assertThat(program("/bin/agent")).isEqualTo(new ProgramFacts("/bin/agent", "/bin/agent", ""));
  }

  @Test
  void saysWhatIsWrongWithAProgram() throws IOException {
    Files.createFile(root.resolve("usr/bin/data"));
    link("usr/bin/out", outside.resolve("passwd"));

    assertThat(program("/usr/bin/absent").fault()).isEqualTo("does not exist on the host");
    assertThat(program("/usr/bin").fault()).isEqualTo("is no file");
    assertThat(program("/usr/bin/data").fault()).isEqualTo("is not executable");
    assertThat(program("./data").fault()).isEqualTo("is not an absolute path of the host");
    assertThat(program("/usr/bin/out").fault()).isEqualTo("does not exist on the host");
    assertThat(program("absent").fault()).startsWith("is not in /usr/local/sbin, ");
    assertThat(program("/usr/bin/data/x").fault()).startsWith("cannot be reached: ");
  }
}
