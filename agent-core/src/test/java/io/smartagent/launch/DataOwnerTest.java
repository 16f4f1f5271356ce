package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.plan.HostStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataOwnerTest {

  private static final String DATA = "/mnt/root/var/lib/bonree";

  @TempDir private Path container;

  private final RecordingKernel kernel = new RecordingKernel();
  private final HostView view = new HostView("/mnt/root");
  private final HostChanges changes = new HostChanges(kernel);
  private Path data = Path.of("");

  @BeforeEach
  void makeDataDirectory() throws Exception {
    data = Files.createDirectories(container.resolve(DATA.substring(1)));
    Files.createDirectories(data.resolve("runtime/bin"));
    kernel.filesystem(container);
  }

  private void give() throws Exception {
    new DataOwner(kernel, view, changes)
        .give(
            new HostStep.GiveRuntimeDirectory(
                "/var/lib/bonree", 990, 991, "It has to write there."));
  }

  private void belongsTo(String path, int uid) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory("/");
        Descriptor file = kernel.filesystem().locateLinkInRoot(top, path)) {
      kernel.filesystem().changeOwner(file, uid, uid);
    }
    kernel.forgetCalls();
  }

  private String given(String path) {
    return "fchown(\"" + path + "\", 990:991)";
  }

  @Test
  void givesWhatTheFormerOwnerLeftAndTheDirectoryItselfLast() throws Exception {
    Files.createDirectories(data.resolve("spool/new"));
    Files.createFile(data.resolve("spool/new/event"));
    Files.createFile(data.resolve("launch.json"));

    give();

    assertThat(kernel.calls())
        .containsExactlyInAnyOrder(
            given(DATA + "/spool/new/event"),
            given(DATA + "/spool/new"),
            given(DATA + "/spool"),
            given(DATA + "/launch.json"),
            given(DATA))
        .endsWith(given(DATA));
  }

  @Test
  void leavesTheRuntimesMountPointRoots() throws Exception {
    give();

    assertThat(kernel.calls()).containsExactly(given(DATA));
  }

  @Test
  void doesNotChangeWhatBelongsToOtherUsers() throws Exception {
    Files.createFile(data.resolve("of-another"));
    belongsTo(DATA + "/of-another", 7);

    give();

    assertThat(kernel.calls()).containsExactly(given(DATA));
  }

  @Test
  void leavesAGroupThatIsNotTheFormerOwners() throws Exception {
    belongsTo(DATA, 7);
    Files.createFile(data.resolve("for-readers"));
    try (Descriptor top = kernel.filesystem().openDirectory("/");
        Descriptor file = kernel.filesystem().locateLinkInRoot(top, DATA + "/for-readers")) {
      kernel.filesystem().changeOwner(file, 7, 4);
    }
    kernel.forgetCalls();

    give();

    assertThat(kernel.calls())
        .containsExactly("fchown(\"" + DATA + "/for-readers\", 990:4)", given(DATA));
  }

  @Test
  void givesNothingAwayThatTheFormerOwnerCouldHavePlanted() throws Exception {
    Path outside = Files.createDirectories(container.resolve("mnt/root/etc"));
    Files.createFile(outside.resolve("shadow"));
    Files.createLink(data.resolve("hard"), outside.resolve("shadow"));
    Files.createSymbolicLink(data.resolve("soft"), Path.of("../../../etc/shadow"));
    Files.createSymbolicLink(data.resolve("directory"), Path.of("../../../etc"));
    new ProcessBuilder("mkfifo", data.resolve("fifo").toString()).start().waitFor();

    give();

    assertThat(kernel.calls()).containsExactly(given(DATA));
  }

  @Test
  void neverCrossesAMount() throws Exception {
    Files.createDirectories(data.resolve("mounted/below"));
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        104 100 8:1 / /mnt/root rw - ext4 /dev/sda1 rw
        105 104 8:1 /srv /mnt/root/var/lib/bonree/mounted rw - ext4 /dev/sda1 rw
        """);

    give();

    assertThat(kernel.calls()).containsExactly(given(DATA));
  }

  @Test
  void followsNoLinkThatStandsInPlaceOfTheDirectory() throws Exception {
    Files.delete(data.resolve("runtime/bin"));
    Files.delete(data.resolve("runtime"));
    Files.delete(data);
    Path etc = Files.createDirectories(container.resolve("mnt/root/etc"));
    Files.createFile(etc.resolve("passwd"));
    Files.createSymbolicLink(data, Path.of("../../etc"));

    assertThat(catchThrowableOfType(ErrnoException.class, this::give)).isNotNull();
    assertThat(kernel.calls()).noneMatch(call -> call.contains("passwd"));
  }

  @Test
  void isTakenBackWhereTheLaunchFails() throws Exception {
    belongsTo(DATA, 7);
    Files.createFile(data.resolve("event"));
    belongsTo(DATA + "/event", 7);
    give();
    kernel.forgetCalls();

    changes.undo("/mnt/root");

    assertThat(kernel.calls())
        .containsExactly("fchown(\"" + DATA + "\", 7:7)", "fchown(\"" + DATA + "/event\", 7:7)");
  }

  @Test
  void saysWhichFileCannotBeGiven() throws Exception {
    Files.createFile(data.resolve("immutable"));
    kernel.failOn("fchown(\"" + DATA + "/immutable\"", Errno.EPERM);

    ErrnoException e = catchThrowableOfType(ErrnoException.class, this::give);

    assertThat(e.call()).isEqualTo(given(DATA + "/immutable"));
    assertThat(e.errno()).isEqualTo(Errno.EPERM);
  }

  @Test
  void givesUpOnDirectoriesWithoutEnd() throws Exception {
    Path deep = data;
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      deep = deep.resolve(name + "/1/2/3/4");
    }
    Files.createDirectories(deep);

    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::give);

    assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("chown -R 990:991 /var/lib/bonree");
  }
}
