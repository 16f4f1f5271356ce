package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.host.MinimalFacts.MissingCommand;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.linux.LinuxKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On real links, with the real kernel. */
final class ShownTreeTest {

  private static final List<ShownEntry> SEPARATE = List.of(same("/bin"), same("/etc"));

  /** As on a host whose /bin is /usr/bin, which the container's runtime has mounted at /bin. */
  private static final List<ShownEntry> MERGED =
      List.of(same("/bin"), same("/etc"), new ShownEntry("/usr/bin", "/bin", true));

  private final LinuxKernel kernel = new LinuxKernel();
  private final List<Path> links = new ArrayList<>();

  @TempDir private Path root;
  @TempDir private Path outside;

  private static ShownEntry same(String path) {
    return new ShownEntry(path, path, true);
  }

  @BeforeEach
  void makeRoot() throws IOException {
    for (String directory : List.of("bin", "etc/alternatives", "opt/tools")) {
      Files.createDirectories(root.resolve(directory));
    }
  }

  /** JUnit warns of each link out of the directory that it deletes. */
  @AfterEach
  void deleteLinks() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  private void executable(String path) throws IOException {
    Files.writeString(root.resolve(path), "#!/bin/true\n");
    Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void link(String path, String target) throws IOException {
    links.add(Files.createSymbolicLink(root.resolve(path), Path.of(target)));
  }

  private List<MissingCommand> missing(List<ShownEntry> shown, String command)
      throws ErrnoException {
    return ShownTree.missing(HostFiles.of(kernel, root.toString()), shown, List.of(command));
  }

  private String fault(List<ShownEntry> shown, String command) throws ErrnoException {
    return missing(shown, command).getFirst().fault();
  }

  @Test
  void findsAFileAndFollowsLinksThroughWhatIsShown() throws Exception {
    executable("bin/cat");
    executable("bin/mawk");
    link("bin/awk", "/etc/alternatives/awk");
    link("etc/alternatives/awk", "../../bin/./mawk");
    link("bin/dog", "cat");

    assertThat(
            ShownTree.missing(
                HostFiles.of(kernel, root.toString()), SEPARATE, List.of("cat", "awk", "dog")))
        .isEmpty();
  }

  @Test
  void followsALinkToUsrBinOnlyWhereThatIsShown() throws Exception {
    executable("bin/mawk");
    link("bin/awk", "/etc/alternatives/awk");
    link("etc/alternatives/awk", "/usr/bin/mawk");

    assertThat(missing(MERGED, "awk")).isEmpty();
    assertThat(missing(SEPARATE, "awk"))
        .containsExactly(
            new MissingCommand(
                "awk",
                "\"/bin/awk\" leads to \"/usr/bin/mawk\", which is not shown",
                "/usr/bin/mawk"));
  }

  @Test
  void takesWhatIsOnTheHostButNotShownForMissing() throws Exception {
    executable("opt/tools/find");
    link("bin/find", "../opt/tools/find");

    assertThat(fault(SEPARATE, "find"))
        .isEqualTo("\"/bin/find\" leads to \"/opt/tools/find\", which is not shown");
  }

  @Test
  void saysWhereItLookedForWhatIsNowhere() throws Exception {
    assertThat(fault(SEPARATE, "arch")).isEqualTo("is not in /bin");
    assertThat(fault(MERGED, "arch")).isEqualTo("is not in /bin, /usr/bin");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data     | "/bin/data" is not executable
          sub      | "/bin/sub" is a directory
          todir    | "/bin/todir" leads to "/bin/sub", which is a directory
          todata   | "/bin/todata" leads to "/bin/data", which is not executable
          toroot   | "/bin/toroot" leads to "/", which is a directory
          fifo     | "/bin/fifo" is no file
          through  | "/bin/through" leads to "/bin/data/x", which leads through a file
          dangling | "/bin/dangling" leads to "/bin/nothing", which is not there
          loop     | "/bin/loop" leads through more than 40 links
          up       | "/bin/up" leads to "/etc/nothing", which is not there
          """)
  void saysWhyACommandCannotBeRun(String command, String fault) throws Exception {
    Files.createFile(root.resolve("bin/data"));
    Files.createDirectory(root.resolve("bin/sub"));
    assertThat(new ProcessBuilder("mkfifo", root.resolve("bin/fifo").toString()).start().waitFor())
        .isZero();
    link("bin/todir", "sub");
    link("bin/todata", "data");
    link("bin/toroot", "../..");
    link("bin/through", "data/x");
    link("bin/dangling", "nothing");
    link("bin/loop", "loop");
    link("bin/up", "../../../../etc/nothing");

    assertThat(fault(SEPARATE, command)).isEqualTo(fault);
  }

  @Test
  void doesNotLeaveTheHostsRoot() throws Exception {
    Path file = Files.writeString(outside.resolve("evil"), "#!/bin/true\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    link("bin/evil", file.toString());

    assertThat(fault(SEPARATE, "evil")).contains("leads to \"" + file + "\", which is not shown");
  }

  @Test
  void showsADirectoryThatIsALinkOnTheHost() throws Exception {
    Files.createDirectories(root.resolve("usr/sbin"));
    executable("usr/sbin/dmidecode");
    link("sbin", "usr/sbin");

    assertThat(missing(List.of(same("/sbin")), "dmidecode")).isEmpty();
  }

  @Test
  void findsAProgramByItsPathOrItsName() throws Exception {
    executable("bin/agent");

    assertThat(ShownTree.program(HostFiles.of(kernel, root.toString()), MERGED, "/usr/bin/agent"))
        .isEqualTo(new ProgramFacts("/usr/bin/agent", "/usr/bin/agent", ""));
    assertThat(ShownTree.program(HostFiles.of(kernel, root.toString()), MERGED, "agent"))
        .isEqualTo(new ProgramFacts("agent", "/bin/agent", ""));
    assertThat(
            ShownTree.program(HostFiles.of(kernel, root.toString()), SEPARATE, "/usr/bin/agent")
                .fault())
        .isEqualTo("is not shown");
    assertThat(ShownTree.program(HostFiles.of(kernel, root.toString()), SEPARATE, "absent").fault())
        .isEqualTo("is not in /bin of what mode minimal shows of the host");
    assertThat(
            ShownTree.program(HostFiles.of(kernel, root.toString()), SEPARATE, "./agent").fault())
        .isEqualTo("is not an absolute path of the host");
  }
}
