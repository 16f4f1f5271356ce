package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.agent.OpenDescriptors.OpenFile;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenDescriptorsTest {

  @TempDir private Path directory;

  @Test
  void seesWhatIsOpenAndHow() throws Exception {
    Path file = directory.toRealPath().resolve("file");
    try (FileOutputStream writer = new FileOutputStream(file.toFile());
        FileInputStream reader = new FileInputStream(file.toFile())) {
      assertThat(writer.getFD().valid() && reader.getFD().valid()).isTrue();

      OpenDescriptors open = OpenDescriptors.atStart();

      assertThat(open.fault()).isNull();
      assertThat(open.descriptors())
          .filteredOn(found -> found.target().equals(file.toString()))
          .extracting(OpenFile::directory, OpenFile::writable)
          .containsExactlyInAnyOrder(
              org.assertj.core.api.Assertions.tuple(false, true),
              org.assertj.core.api.Assertions.tuple(false, false));
    }
  }

  @Test
  void doesNotTakeItsOwnReadingForAStray() {
    assertThat(OpenDescriptors.atStart().descriptors())
        .noneMatch(found -> found.target().matches("/proc/[0-9]+/fd"));
  }

  @ParameterizedTest
  @CsvSource({"0100000, false", "0100001, true", "02100002, true", "010000000, false"})
  void readsTheAccessModeOfFdinfo(String flags, boolean writable) {
    String info = "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t30\nino:\t7\n";

    assertThat(OpenDescriptors.isWritable(info)).isEqualTo(writable);
  }
}
