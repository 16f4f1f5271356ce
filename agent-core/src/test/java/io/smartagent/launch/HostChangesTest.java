package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.file.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostChangesTest {

  @TempDir private Path host;

  private final RecordingKernel kernel = new RecordingKernel();
  private final HostChanges changes = new HostChanges(kernel);

  @BeforeEach
  void makeDataDirectory() throws IOException {
    Files.createDirectories(host.resolve("var/lib/bonree/runtime"));
    kernel.filesystem(host);
  }

  /** What the data directory was like when it belonged to 7:8. */
  private FileStatus ofUser7() throws ErrnoException {
    FileStatus now = kernel.filesystem().status("/var/lib/bonree");
    return new FileStatus(now.type(), 0755, 7, 8, now.inode(), now.device(), 0, now.links());
  }

  @Test
  void takesBackTheLastChangeFirst() throws Exception {
    changes.made("/var/lib/bonree");
    changes.made("/var/lib/bonree/runtime");
    changes.gave("/var/lib/bonree", ofUser7());

    changes.undo("/");

    assertThat(kernel.calls()).hasSize(3);
    assertThat(kernel.calls().get(0)).contains("7:8");
    assertThat(kernel.calls().get(1)).contains("rmdir").contains("runtime");
    assertThat(kernel.calls().get(2)).contains("rmdir").contains("bonree");
  }

  @Test
  void goesOnWhereSomethingCannotBeTakenBack() throws Exception {
    kernel.failOn("rmdir", Errno.ENOTEMPTY);
    changes.gave("/var/lib/bonree", ofUser7());
    changes.made("/var/lib/bonree/runtime");

    changes.undo("/");

    assertThat(kernel.calls().getLast()).contains("7:8");
  }

  @Test
  void givesNothingToTheFormerOwnerThatWasPutThereMeanwhile() throws Exception {
    changes.gave("/var/lib/bonree", ofUser7());
    Files.move(host.resolve("var/lib/bonree"), host.resolve("var/lib/former"));
    Files.createDirectory(host.resolve("var/lib/bonree"));

    changes.undo("/");

    assertThat(kernel.calls()).isEmpty();
  }
}
