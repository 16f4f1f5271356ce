package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.logdiscovery.OpenFiles.Scan;
import io.smartagent.modules.process.ProcessFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that no test can have for real in no time. */
final class OpenFilesTest {

  private static final int BUDGET = 1000;

  @TempDir private Path root;

  private final Filesystem files = new LinuxKernel().filesystem();

  @BeforeEach
  void makeAHost() throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.createDirectories(root.resolve("logs"));
  }

  /** JUnit warns of links that lead out of the directory that it removes. */
  @AfterEach
  void removeLinks() throws Exception {
    new ProcessBuilder("rm", "-rf", root.resolve("proc").toString()).start().waitFor();
  }

  private void process(int pid, int descriptors, int logAt) throws IOException {
    Path process = root.resolve("proc/" + pid);
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("fdinfo"));
    int table = Integer.highestOneBit(Math.max(64, descriptors * 2 - 1));
    Files.writeString(process.resolve("status"), "Name:\tx\nFDSize:\t" + table + "\n");
    for (int i = 0; i < descriptors; i++) {
      Path target =
          i == logAt
              ? Files.writeString(root.resolve("logs/" + pid + ".log"), "text\n")
              : Path.of("socket:[" + i + "]");
      Files.createSymbolicLink(process.resolve("fd/" + i), target);
    }
    Files.writeString(
        process.resolve("fdinfo/" + logAt), "pos:\t0\nflags:\t0102001\nmnt_id:\t25\nino:\t7\n");
  }

  /** A process that writes the same log through each of its descriptors. */
  private void process(int pid, int descriptors, Path log) throws IOException {
    Path process = root.resolve("proc/" + pid);
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("fdinfo"));
    for (int i = 0; i < descriptors; i++) {
      Files.createSymbolicLink(process.resolve("fd/" + i), log);
      Files.writeString(
          process.resolve("fdinfo/" + i), "pos:\t0\nflags:\t0102001\nmnt_id:\t25\nino:\t7\n");
    }
  }

  private void links(int pid, String namespace, String processRoot) throws IOException {
    Path process = root.resolve("proc/" + pid);
    Files.createDirectories(process.resolve("ns"));
    Files.createSymbolicLink(process.resolve("ns/mnt"), Path.of(namespace));
    Files.createSymbolicLink(process.resolve("root"), Path.of(processRoot));
  }

  private Path logWithAPathOf(int length) throws IOException {
    String path = root.resolve("logs").toString();
    while (length - path.length() > 250) {
      path += "/" + "d".repeat(Math.min(200, length - path.length() - 20));
    }
    Files.createDirectories(Path.of(path));
    path += "/" + "f".repeat(length - path.length() - 5) + ".log";
    return Files.writeString(Path.of(path), "text\n");
  }

  private OpenFiles openFiles() {
    return openFiles(BUDGET);
  }

  private OpenFiles openFiles(int budget) {
    ProcessFiles processes = new ProcessFiles(files, root.toString());
    return new OpenFiles(
        files,
        processes,
        new CarefulFiles(files, processes, root.toString()),
        new Mounts(files, processes),
        budget);
  }

  @Test
  void comesToEveryDescriptorOfAProcessThatHasMany() throws Exception {
    process(10, 5000, 4711);
    OpenFiles openFiles = openFiles();

    int passes = 0;
    Scan scan;
    do {
      scan = openFiles.scan(() -> false);
      assertThat(scan.looked()).isLessThanOrEqualTo(OpenFiles.OF_A_PROCESS);
      assertThat(scan.leftOut()).isPositive();
      passes++;
    } while (scan.sightings().isEmpty() && passes < 20);

    assertThat(scan.sightings()).hasSize(1);
    assertThat(passes).isEqualTo(5);
  }

  @Test
  void comesToEveryProcessWhereThereAreMany() throws Exception {
    for (int pid = 10; pid < 90; pid++) {
      process(pid, 20, 19);
    }
    OpenFiles openFiles = openFiles();

    Scan first = openFiles.scan(() -> false);
    Scan second = openFiles.scan(() -> false);

    assertThat(first.processesLeftOut()).isEqualTo(30);
    Set<FileId> seen = new HashSet<>();
    first.sightings().forEach(sighting -> seen.add(sighting.id()));
    assertThat(seen).hasSize(50);
    second.sightings().forEach(sighting -> seen.add(sighting.id()));
    assertThat(seen).hasSize(80);
  }

  @Test
  void comesFirstToProcessesThatAreNew() throws Exception {
    for (int pid = 10; pid < 70; pid++) {
      process(pid, 20, 19);
    }
    OpenFiles openFiles = openFiles();
    openFiles.scan(() -> false);
    openFiles.scan(() -> false);
    process(5, 10, 3);

    assertThat(openFiles.scan(() -> false).sightings().getFirst().holder())
        .isEqualTo(new Spot.Held(5, 3));
  }

  @Test
  void isNotHeldUpByAProcessThatVanishesInTheMiddle() throws Exception {
    process(10, 10, 3);
    Files.createDirectories(root.resolve("proc/11"));
    Files.createDirectories(root.resolve("proc/12/fd"));
    Files.createSymbolicLink(root.resolve("proc/12/fd/1"), Path.of("/logs/x.log"));
    Files.createDirectories(root.resolve("proc/13/fd"));
    Files.writeString(root.resolve("proc/13/fd/nonsense"), "");

    assertThat(openFiles().scan(() -> false).sightings()).hasSize(1);
  }

  /** The fixture's FIFO has no writer: whoever opens it to read would wait. */
  @Test
  void opensNothingThatIsNoFile() throws Exception {
    process(10, 10, 3);
    new ProcessBuilder("mkfifo", root.resolve("logs/fifo.log").toString()).start().waitFor();
    Files.delete(root.resolve("proc/10/fd/3"));
    Files.createSymbolicLink(root.resolve("proc/10/fd/3"), root.resolve("logs/fifo.log"));

    assertThat(openFiles().scan(() -> false).sightings()).isEmpty();
  }

  @Test
  void leavesOutAPathThatIsTooLong() throws Exception {
    process(10, 1, logWithAPathOf(1024));
    process(11, 1, logWithAPathOf(1025));

    Scan scan = openFiles().scan(() -> false);

    assertThat(scan.sightings())
        .extracting(sighting -> sighting.place().path().length())
        .containsExactly(1024);
    assertThat(scan.leftOut()).isEqualTo(1);
  }

  @Test
  void keepsOnlySoManyCharactersOfAProcess() throws Exception {
    process(10, 500, logWithAPathOf(1000));

    Scan scan = openFiles().scan(() -> false);

    assertThat(scan.sightings()).hasSize(262_144 / 1000);
    assertThat(scan.leftOut()).isEqualTo(500 - 262_144 / 1000);
  }

  /** Their paths are five million characters, and one pass keeps four. */
  @Test
  void endsAPassWhenItHasKeptItsCharacters() throws Exception {
    Path log = logWithAPathOf(1000);
    for (int pid = 10; pid < 30; pid++) {
      process(pid, 250, log);
    }
    OpenFiles openFiles = openFiles(OpenFiles.OF_A_PASS);

    Scan first = openFiles.scan(() -> false);
    Scan second = openFiles.scan(() -> false);

    assertThat(first.sightings()).hasSize(17 * 250);
    assertThat(first.processesLeftOut()).isEqualTo(3);
    assertThat(second.sightings())
        .extracting(sighting -> sighting.spot())
        .contains(new Spot.Held(27, 0), new Spot.Held(28, 0), new Spot.Held(29, 0));
  }

  /** It could make the path of its log that of another's, with a directory of its own as root. */
  @Test
  void callsALogOfTheHostAsTheHostDoesWhateverTheRootOfItsWriter() throws Exception {
    links(1, "mnt:[1]", "/");
    process(10, 4, 3);
    links(10, "mnt:[1]", root.resolve("logs").toString());

    assertThat(openFiles().scan(() -> false).sightings())
        .extracting(Sighting::place)
        .containsExactly(Place.onHost(root.resolve("logs/10.log").toString()));
  }

  @Test
  void callsALogOfAContainerAsItsWriterDoes() throws Exception {
    links(1, "mnt:[1]", "/");
    process(10, 4, 3);
    links(10, "mnt:[2]", root.resolve("logs").toString());

    assertThat(openFiles().scan(() -> false).sightings())
        .extracting(Sighting::place)
        .containsExactly(new Place("mnt:[2]", "/10.log"));
  }

  /** All of them are behind the first numbers that are tried. */
  @Test
  void countsDescriptorsThatAreNotThere() throws Exception {
    for (int pid = 10; pid < 12; pid++) {
      process(pid, 0, 0);
      for (int i = 0; i < 1100; i++) {
        Files.createSymbolicLink(
            root.resolve("proc/" + pid + "/fd/" + (50_000 + i)), Path.of("socket:[" + i + "]"));
      }
    }

    Scan scan = openFiles().scan(() -> false);

    assertThat(scan.looked()).isEqualTo(OpenFiles.OF_A_PROCESS);
    assertThat(scan.processesLeftOut()).isEqualTo(1);
  }
}
