package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
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

  @Test
  void takesBackTheLastChangeFirst() {
    changes.made("/var/lib/bonree");
    changes.made("/var/lib/bonree/runtime");
    changes.gave("/var/lib/bonree", 7, 8);

    changes.undo("/");

    assertThat(kernel.calls()).hasSize(3);
    assertThat(kernel.calls().get(0)).contains("7:8");
    assertThat(kernel.calls().get(1)).contains("rmdir").contains("runtime");
    assertThat(kernel.calls().get(2)).contains("rmdir").contains("bonree");
  }

  @Test
  void goesOnWhereSomethingCannotBeTakenBack() {
    kernel.failOn("rmdir", Errno.ENOTEMPTY);
    changes.gave("/var/lib/bonree", 7, 8);
    changes.made("/var/lib/bonree/runtime");

    changes.undo("/");

    assertThat(kernel.calls().getLast()).contains("7:8");
  }
}
