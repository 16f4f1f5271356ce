package io.smartagent.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultStoreTest {

  private static final String TEXT = "text/plain";
  private static final long TOTAL = 100;

  @TempDir private Path data;
  private Path directory;
  private ResultStore store;

  @BeforeEach
  void make() {
    directory = data.resolve("results");
    store = new ResultStore(data);
  }

  private Result write(String name, String text) throws IOException {
    return store.write(name, TEXT, TOTAL, TOTAL, out -> out.write(text.getBytes(UTF_8)));
  }

  /** The file system's clock may not distinguish what is written within a few milliseconds. */
  private void age(String name, long seconds) throws IOException {
    Files.setLastModifiedTime(
        directory.resolve(name + "~text~plain"), FileTime.fromMillis(seconds * 1000));
  }

  private List<String> names() {
    return store.list().stream().map(Result::name).toList();
  }

  private String read(String name) throws IOException {
    ResultStore.Opened opened = Objects.requireNonNull(store.read(name));
    try (SeekableByteChannel channel = opened.channel()) {
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }

  @Test
  void keepsWhatWasWrittenAcrossRestarts() throws IOException {
    Result written = write("cpu.pprof", "profile");

    store = new ResultStore(data);
    assertThat(store.list()).containsExactly(written);
    assertThat(written.mediaType()).isEqualTo(TEXT);
    assertThat(written.bytes()).isEqualTo(7);
    assertThat(read("cpu.pprof")).isEqualTo("profile");
    assertThat(store.read("heap")).isNull();
  }

  @Test
  void letsNoOtherUserRead() throws IOException {
    write("cpu", "profile");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    Path file = directory.resolve("cpu~text~plain");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void replacesAResultOfTheSameName() throws IOException {
    write("cpu", "first");
    write("cpu", "second");
    assertThat(read("cpu")).isEqualTo("second");

    store.write("cpu", "application/json", TOTAL, TOTAL, out -> out.write('{'));
    assertThat(store.list()).extracting(Result::mediaType).containsExactly("application/json");
  }

  @Test
  void removesTheOldestAboveTheTotalLimit() throws IOException {
    write("a", "x".repeat(40));
    age("a", 2);
    write("b", "x".repeat(40));
    age("b", 1);
    write("c", "x".repeat(50));

    assertThat(names()).containsExactly("a", "c");
  }

  @Test
  void leavesNothingOfAResultThatExceedsItsLimit() throws IOException {
    assertThatThrownBy(() -> store.write("big", TEXT, 10, TOTAL, out -> out.write(new byte[11])))
        .isInstanceOf(IOException.class)
        .hasMessage("A result exceeds its limit of 10 bytes.");
    assertThatThrownBy(() -> write("big", "x".repeat(101))).isInstanceOf(IOException.class);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void keepsTheFormerResultIfItsSuccessorFails() throws IOException {
    write("cpu", "first");

    assertThatThrownBy(() ->
            store.write(
                "cpu",
                TEXT,
                TOTAL,
                TOTAL,
                out -> {
                  out.write('x');
                  throw new IOException("no profile");
                }))
        .hasMessage("no profile");
    assertThat(read("cpu")).isEqualTo("first");
    assertThat(names()).containsExactly("cpu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../a", "a/b", "/a", ".a", "a~b", "A", "a\nb", "a b"})
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> write(name, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThat(directory).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text", "text/html; charset=utf-8", "../x", "text/a\r\nX: y", "a/b/c"})
  void refusesWhatIsNoMediaType(String mediaType) {
    assertThatThrownBy(() -> store.write("a", mediaType, 1, 1, out -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void followsNoLink() throws IOException {
    Path secret = Files.writeString(data.resolve("secret"), "secret");
    write("cpu", "first");
    Files.createSymbolicLink(directory.resolve("stolen~text~plain"), secret);
    Files.createSymbolicLink(directory.resolve(".unfinished"), secret);

    assertThat(names()).containsExactly("cpu");
    assertThat(store.read("stolen")).isNull();
    write("cpu", "second");
    assertThat(secret).hasContent("secret");
  }

  @Test
  void writesNothingThroughALinkInPlaceOfItsDirectory(@TempDir Path other) throws IOException {
    Files.createSymbolicLink(directory, other);

    assertThatThrownBy(() -> write("cpu", "x")).isInstanceOf(IOException.class);
    assertThat(other).isEmptyDirectory();
    assertThat(store.list()).isEmpty();
  }
}
