package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.file.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinuxDescriptorsTest {

  private static final int F_DUPFD = 0;
  private static final long O_CLOEXEC = 02000000;

  private final SystemCalls calls = new SystemCalls();
  private final LinuxDescriptors descriptors = new LinuxDescriptors(calls);

  private interface Marking {
    void from(int first) throws Exception;
  }

  @Test
  void marksEveryDescriptorInOneCall() throws Exception {
    assertMarks(descriptors::closeOnExecFrom);
  }

  @Test
  void marksEveryDescriptorOneByOne() throws Exception {
    assertMarks(first -> descriptors.oneByOneFrom(first, Errno.ENOSYS.number()));
  }

  private void assertMarks(Marking marking) throws Exception {
    int unmarked = duplicate(0, 3);
    int high = duplicate(0, 700);
    try {
      assertThat(List.of(isMarked(unmarked), isMarked(high))).containsOnly(false);

      marking.from(high);

      assertThat(List.of(isMarked(unmarked), isMarked(high))).containsExactly(false, true);

      marking.from(unmarked);

      assertThat(isMarked(unmarked)).isTrue();
      assertThat(isMarked(0)).isFalse();
    } finally {
      descriptors.close(unmarked);
      descriptors.close(high);
    }
  }

  private int duplicate(int number, int atLeast) throws Exception {
    return (int) calls.check("fcntl(F_DUPFD)", SystemCall.FCNTL, number, F_DUPFD, atLeast);
  }

  private static boolean isMarked(int number) throws IOException {
    String flags =
        Files.readAllLines(Path.of("/proc/self/fdinfo/" + number)).stream()
            .filter(line -> line.startsWith("flags:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseLong(flags.substring("flags:".length()).strip(), 8) & O_CLOEXEC) != 0;
  }

  @Test
  void aDescriptorClosesItselfOnce() throws Exception {
    int number = duplicate(0, 800);
    Descriptor descriptor = new Descriptor(number, descriptors);

    descriptor.close();
    assertThat(Path.of("/proc/self/fd/" + number)).doesNotExist();
    int another = duplicate(0, number);
    assertThat(another).isEqualTo(number);
    descriptor.close();

    assertThat(Path.of("/proc/self/fd/" + number)).exists();
    descriptors.close(another);
  }

  @Test
  void whatIsOpenedIsCloseOnExec() throws Exception {
    LinuxKernel kernel = new LinuxKernel();
    try (Descriptor directory = kernel.filesystem().openDirectory("/etc");
        Descriptor file = kernel.filesystem().openInRoot(directory, "passwd")) {
      assertThat(isMarked(directory.number())).isTrue();
      assertThat(isMarked(file.number())).isTrue();
    }
  }
}
