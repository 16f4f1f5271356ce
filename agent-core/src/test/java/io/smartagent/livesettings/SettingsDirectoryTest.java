package io.smartagent.livesettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartagent.config.Problem;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.livesettings.SettingsDirectory.ForeignOwnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsDirectoryTest {

  private static final String SETTING = "SMARTAGENT_BLOCKED_TASK_SECONDS";

  @TempDir private Path outside;
  @TempDir private Path directory;

  private SettingsDocument read() throws ErrnoException, ForeignOwnerException {
    return directory().read().orElseThrow();
  }

  private SettingsDirectory directory() {
    return new SettingsDirectory(new LinuxKernel().filesystem(), directory.toString(), false);
  }

  private void write(String name, String value) throws IOException {
    Files.writeString(directory.resolve(name), value);
  }

  /** As AtomicWriter of kubelet does. */
  private void publish(String version, Map<String, String> entries) throws IOException {
    Path made = Files.createDirectory(directory.resolve(version));
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      Files.writeString(made.resolve(entry.getKey()), entry.getValue());
      Path link = directory.resolve(entry.getKey());
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of("..data", entry.getKey()));
      }
    }
    Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
    Files.move(next, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private String fault() throws ErrnoException, ForeignOwnerException {
    assertThat(read().problems()).hasSize(1);
    return read().problems().getFirst().fault();
  }

  @Test
  void readsOneFileForEachSetting() throws Exception {
    write(SETTING, "10\n");
    write("SMARTAGENT_LOG_PODS", "app=web");

    assertThat(read().entries())
        .containsExactly(Map.entry(SETTING, "10\n"), Map.entry("SMARTAGENT_LOG_PODS", "app=web"));
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void readsTheVersionThatKubeletPublished() throws Exception {
    publish("..2026_a", Map.of(SETTING, "10"));

    assertThat(read().version()).isEqualTo("..2026_a");
    assertThat(read().entries()).containsExactly(Map.entry(SETTING, "10"));

    publish("..2026_b", Map.of("SMARTAGENT_LOG_PODS", "a"));

    assertThat(read().version()).isEqualTo("..2026_b");
    assertThat(read().entries()).containsExactly(Map.entry("SMARTAGENT_LOG_PODS", "a"));
  }

  @Test
  void distinguishesContentsWithoutVersions() throws Exception {
    write(SETTING, "10");
    String before = read().version();
    assertThat(read().version()).isEqualTo(before);
    write(SETTING, "11");
    assertThat(read().version()).isNotEqualTo(before);
  }

  @Test
  void isEmptyWhereThereIsNoSetting() throws Exception {
    assertThat(directory().read()).isEmpty();
    publish("..2026_a", Map.of());
    assertThat(directory().read()).isEmpty();
    Files.delete(directory.resolve("..2026_a"));
    assertThat(directory().read()).isEmpty();
  }

  @Test
  void saysWhatStandsInItsWay() throws Exception {
    Files.delete(directory);
    assertThatThrownBy(() -> directory().read())
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("ENOENT");
    Files.createDirectory(directory);
  }

  @Test
  void refusesADirectory() throws Exception {
    Files.createDirectory(directory.resolve("below"));
    assertThat(fault()).isEqualTo("\"below\" is no file.");
  }

  @Test
  void doesNotWaitForAFifosWriter() throws Exception {
    Process made = new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(fault()).isEqualTo("\"pipe\" is no file.");
  }

  @Test
  void refusesWhatIsNoText() throws Exception {
    Files.write(directory.resolve(SETTING), new byte[] {'1', (byte) 0xff});
    assertThat(fault()).isEqualTo("\"" + SETTING + "\" is not text in UTF-8.");
  }

  @Test
  void readsNoMoreThanAConfigMapMayHold() throws Exception {
    write("A", "x".repeat(1 << 19));
    write("B", "x".repeat(1 << 19));
    write("C", "x");
    assertThat(fault()).isEqualTo("\"C\" makes the directory larger than 1 MiB.");
  }

  @Test
  void readsABoundedNumberOfFiles() throws Exception {
    for (int i = 0; i < 1100; i++) {
      write("S" + i, "x");
    }
    assertThat(fault()).endsWith(" has more than 1000 files.");
  }

  @Test
  void followsNoLinkOutOfTheDirectory() throws Exception {
    Path secret = Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(directory.resolve(SETTING), secret);

    assertThat(read().entries()).isEmpty();
    assertThat(fault()).contains("cannot be read").contains("ENOENT");
  }

  @Test
  void followsNoVersionOutOfTheDirectory() throws Exception {
    Files.writeString(outside.resolve(SETTING), "secret");
    Files.createSymbolicLink(directory.resolve("..data"), outside);

    assertThat(directory().read()).isEmpty();
  }

  @Test
  void showsNamesSoThatNoTerminalMindsThem() throws Exception {
    Files.createDirectory(directory.resolve("a\u001b[31m"));
    assertThat(read().problems()).extracting(Problem::fault).noneMatch(f -> f.contains("\u001b"));
  }

  @Test
  void heedsOnlyWhatIsRootsWhereOthersMayWrite() throws Exception {
    write(SETTING, "10");
    if (Files.getAttribute(directory, "unix:uid").equals(0)) {
      Files.setAttribute(directory, "unix:uid", 1234);
    }

    SettingsDirectory foreign =
        new SettingsDirectory(new LinuxKernel().filesystem(), directory.toString(), true);

    assertThatThrownBy(foreign::read)
        .isInstanceOf(ForeignOwnerException.class)
        .hasMessageContaining("not to root");
    assertThat(read().entries()).containsExactly(Map.entry(SETTING, "10"));
  }
}
