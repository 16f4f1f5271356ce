package io.smartagent.modules.logdiscovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.logdiscovery.CarefulFiles.Entry;
import io.smartagent.modules.logdiscovery.CarefulFiles.Lane;
import io.smartagent.modules.process.ProcessFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CarefulFilesTest {

  @TempDir private Path root;

  private final Filesystem files = new LinuxKernel().filesystem();
  private CarefulFiles careful = new CarefulFiles(files, new ProcessFiles(files, ""), "");

  @BeforeEach
  void makeAHost() throws Exception {
    careful.close();
    careful = new CarefulFiles(files, new ProcessFiles(files, ""), root.toString());
    Files.createDirectories(root.resolve("layer/srv"));
    Files.createDirectories(root.resolve("secrets"));
    Files.writeString(root.resolve("secrets/app.log"), "secret\n");
    Files.writeString(root.resolve("layer/srv/app.log"), "text\n");
    link("layer/absolute", "/secrets");
    link("layer/relative", "../secrets");
    link("layer/srv/link.log", "app.log");
  }

  private void link(String path, String target) throws Exception {
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
  }

  /** JUnit warns of links that lead out of the directory that it removes. */
  @AfterEach
  void removeLinks() throws Exception {
    careful.close();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path link : all.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private byte[] read(Spot spot) {
    FileStatus status =
        Objects.requireNonNull(careful.status(spot, Sighting.UNKNOWN_MOUNT, Lane.LOCAL));
    byte[] start = careful.start(spot, FileId.of(status), Sighting.UNKNOWN_MOUNT, Lane.LOCAL, 100);
    return Objects.requireNonNull(start);
  }

  @Test
  void readsWithinALayer() {
    assertThat(new String(read(new Spot.InHost("/layer", "/srv/app.log")), UTF_8))
        .isEqualTo("text\n");
  }

  /** A container may put links into its own layer: they mean the layer, not the host. */
  @ParameterizedTest
  @ValueSource(strings = {"/absolute/app.log", "/relative/app.log", "/../secrets/app.log"})
  void doesNotLeaveALayer(String path) {
    Spot spot = new Spot.InHost("/layer", path);

    assertThat(careful.look(spot, Sighting.UNKNOWN_MOUNT, Lane.LOCAL))
        .isEqualTo(new CarefulFiles.Look(null));
  }

  @Test
  void readsNothingButTheVeryFile() {
    byte[] start =
        careful.start(
            new Spot.InHost("", "/secrets/app.log"),
            new FileId(1, 1),
            Sighting.UNKNOWN_MOUNT,
            Lane.LOCAL,
            100);

    assertThat(start).isNull();
  }

  @Test
  void opensNoFifo() throws Exception {
    new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start().waitFor();
    Spot spot = new Spot.InHost("", "/fifo");
    FileStatus status =
        Objects.requireNonNull(careful.status(spot, Sighting.UNKNOWN_MOUNT, Lane.LOCAL));

    assertThat(status.type()).isEqualTo(FileType.FIFO);
    assertThat(careful.start(spot, FileId.of(status), Sighting.UNKNOWN_MOUNT, Lane.LOCAL, 100))
        .isNull();
    assertThat(careful.silent()).isZero();
  }

  @Test
  void listsADirectoryAsFarAsItIsAskedTo() throws Exception {
    for (int i = 0; i < 5000; i++) {
      Files.createFile(root.resolve("secrets/" + i));
    }

    CarefulFiles.Listing all = careful.list("/secrets", name -> true, false);
    CarefulFiles.Listing one = careful.list("/layer/srv", name -> name.endsWith(".log"), false);

    assertThat(all.entries()).hasSize(4096);
    assertThat(all.leftOut()).isPositive();
    assertThat(one.entries())
        .extracting(Entry::name)
        .containsExactlyInAnyOrder("app.log", "link.log");
    assertThat(careful.list("/nowhere", name -> true, false).unreadable()).isFalse();
  }
}
