package io.smartagent.launch.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InstallationTest {

  private static final String OLD = "a".repeat(64);
  private static final String NEW = "b".repeat(64);

  @TempDir private Path place;
  @TempDir private Path elsewhere;

  /** What kill -9 is: nothing of this process runs any more. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Kills at one of the changes. */
  private static final class Killer implements Runnable {
    private int left;

    Killer(int changes) {
      left = changes;
    }

    @Override
    public void run() {
      if (left-- == 0) {
        throw new Killed();
      }
    }
  }

  private FetchedScript script;

  @BeforeEach
  void fetchScript() throws IOException {
    script = FetchedScript.empty();
    script.content().write(ByteBuffer.wrap("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)));
    script.complete(NEW);
  }

  /** What an installer does: several files, one after the other. */
  private void install(Installation installation, String version, Runnable beforeEachChange)
      throws IOException {
    installation.begin();
    installation.writeScript(script);
    installation.makeTemporary();
    for (String name : List.of("bin/start", "lib/one", "lib/two")) {
      beforeEachChange.run();
      Path file = place.resolve("smartagent").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, version);
    }
    installation.removeScript();
    installation.commit(version);
    installation.removeObsolete();
  }

  private void install(String version) throws IOException {
    install(new Installation(place), version, () -> {});
  }

  /** All that is in the place, as one text. */
  private String contents() throws IOException {
    StringBuilder contents = new StringBuilder();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.sorted().toList()) {
        contents.append(place.relativize(file)).append(' ');
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          contents.append(Files.readString(file));
        }
        contents.append('\n');
      }
    }
    return contents.toString();
  }

  private boolean isMadeBy(String sha256) throws IOException {
    return Installation.isMark(Files.readAllBytes(place.resolve(Installation.MARKED)), sha256);
  }

  @Test
  void leavesNothingButTheNewOne() throws IOException {
    install(OLD);
    install(NEW);

    assertThat(contents())
        .isEqualTo(
            """
             \n\
            smartagent \n\
            smartagent/.installed-by sha256 %1$s

            smartagent/bin \n\
            smartagent/bin/start %1$s
            smartagent/lib \n\
            smartagent/lib/one %1$s
            smartagent/lib/two %1$s
            """
                .formatted(NEW));
    assertThat(isMadeBy(NEW)).isTrue();
    assertThat(isMadeBy(OLD)).isFalse();
  }

  @Test
  void isOldOrNewAndCompleteWhereverItIsKilled() throws IOException {
    install(NEW);
    String after = contents();
    install(OLD);
    String before = contents();
    isOneOfBothWhereverItIsKilled(before, after, () -> install(OLD));
  }

  @Test
  void isAbsentOrCompleteWhereverTheFirstOneIsKilled() throws IOException {
    String before = contents();
    install(NEW);
    String after = contents();
    DirectoryTree.remove(place, "smartagent");
    isOneOfBothWhereverItIsKilled(before, after, () -> DirectoryTree.remove(place, "smartagent"));
  }

  /** Makes what was there before. */
  @FunctionalInterface
  private interface Before {
    void make() throws IOException;
  }

  private void isOneOfBothWhereverItIsKilled(String before, String after, Before again)
      throws IOException {
    int changes = 0;
    boolean committed = false;
    for (boolean killed = true; killed; changes++) {
      killed = isKilled(changes);
      recoverThoughItIsKilledAtEveryChange();
      assertThat(contents()).as("after " + changes + " changes").isIn(before, after);
      assertThat(committed && contents().equals(before))
          .as("old again after " + changes + " changes")
          .isFalse();
      committed = contents().equals(after);
      again.make();
      committed &= killed;
    }
    assertThat(changes).isGreaterThan(9);
  }

  private boolean isKilled(int change) throws IOException {
    Killer killer = new Killer(change);
    try {
      install(new Installation(place, killer), NEW, killer);
      return false;
    } catch (Killed killed) {
      return true;
    }
  }

  private void recoverThoughItIsKilledAtEveryChange() throws IOException {
    for (int change = 0; ; change++) {
      try {
        Installation installation = new Installation(place, new Killer(change));
        installation.recover();
        installation.removeObsolete();
        return;
      } catch (Killed again) {
        // The next one goes one change further.
      }
    }
  }

  @Test
  void keepsTheLastOneWhereTheNextOneFails() throws IOException {
    install(OLD);
    String before = contents();
    Installation installation = new Installation(place);
    installation.begin();
    installation.writeScript(script);
    Files.writeString(place.resolve("smartagent/half"), "");

    assertThat(installation.recover()).isTrue();
    assertThat(contents()).isEqualTo(before);
    assertThat(installation.recover()).isFalse();
  }

  @Test
  void keepsWhatOthersHaveInstalled() throws IOException {
    Files.createDirectories(place.resolve("smartagent/bin"));
    Files.writeString(place.resolve("smartagent/bin/start"), "by hand");
    String before = contents();

    assertThat(new Installation(place).recover()).isFalse();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void givesTheScriptToItsOwnerOnlyAndTheDirectoryToAll() throws IOException {
    Installation installation = new Installation(place);
    installation.begin();
    installation.writeScript(script);

    assertThat(mode(Installation.SCRIPT)).isEqualTo("rwx------");
    assertThat(mode(Installation.HOME)).isEqualTo("rwxr-xr-x");
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(name)));
  }

  @Test
  void writesNoScriptOverWhatIsThere() throws IOException {
    Files.writeString(elsewhere.resolve("file"), "mine");
    Files.createSymbolicLink(place.resolve(Installation.SCRIPT), elsewhere.resolve("file"));

    assertThatThrownBy(() -> new Installation(place).writeScript(script))
        .isInstanceOf(IOException.class);
    assertThat(elsewhere.resolve("file")).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"smartagent/.installed-by", ".smartagent.installer"})
  void followsNoLinkThatTheScriptHasMade(String name) throws IOException {
    Files.writeString(elsewhere.resolve("file"), "mine");
    Installation installation = new Installation(place);
    installation.begin();
    Files.createSymbolicLink(place.resolve(name), elsewhere.resolve("file"));

    installation.removeScript();
    installation.commit(NEW);

    assertThat(elsewhere.resolve("file")).hasContent("mine");
    assertThat(isMadeBy(NEW)).isTrue();
  }

  @Test
  void removesWhatLinksLeadFromAndNotWhatTheyLeadTo() throws IOException {
    Files.writeString(elsewhere.resolve("file"), "mine");
    Installation installation = new Installation(place);
    installation.begin();
    Files.createSymbolicLink(place.resolve("smartagent/directory"), elsewhere);
    Files.createSymbolicLink(place.resolve("smartagent/file"), elsewhere.resolve("file"));

    installation.recover();

    assertThat(place).isEmptyDirectory();
    assertThat(elsewhere.resolve("file")).hasContent("mine");
  }

  @Test
  void saysWhatIsInTheWay() throws IOException {
    assertThat(new Installation(place).isInTheWay()).isFalse();
    Files.createSymbolicLink(place.resolve("smartagent"), elsewhere);
    assertThat(new Installation(place).isInTheWay()).isTrue();
  }

  @Test
  void choosesAnotherNameThanThatOfWhatCannotBeRemoved() throws IOException {
    install(OLD);
    Path stays = Files.createDirectory(place.resolve(".smartagent.obsolete"));
    Files.createDirectory(place.resolve(".smartagent.tmp"));
    Installation installation = new Installation(place);
    installation.begin();
    assertThat(installation.makeTemporary()).isEqualTo(".smartagent.tmp.1");
    installation.commit(OLD);

    assertThat(stays).isEmptyDirectory();
    assertThat(place.resolve(".smartagent.obsolete.1/lib")).isDirectory();
    new Installation(place).removeObsolete();
    assertThat(place).isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void replacesNothingThatWasNotRecovered() throws IOException {
    Files.createDirectories(place.resolve(".smartagent.previous/bin"));
    Files.createDirectories(place.resolve("smartagent"));

    assertThatThrownBy(() -> new Installation(place).begin())
        .isInstanceOf(FileSystemException.class);
  }
}
