package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonText;
import io.smartagent.kernel.RecordingKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayoutReaderTest {

  private static final String TABLE =
      """
      100 1 0:50 / / rw - overlay overlay rw
      104 100 8:1 / /mnt/root ro - ext4 /dev/sda1 rw
      105 104 8:1 /data/lib/bonree /mnt/root/data/lib/bonree rw - %s /dev/sda1 rw
      """;

  @TempDir private Path container;

  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeContainer() throws IOException {
    for (String directory :
        List.of("etc", "bin", "usr", "opt/smartagent", "var/lib/bonree", "data/lib/bonree")) {
      Files.createDirectories(at(directory));
    }
    Files.writeString(at("etc/passwd"), "root:x:0:0::/:/bin/sh\n");
    kernel.filesystem(container);
    kernel.mountTable(TABLE.formatted("xfs"));
  }

  private Path at(String path) {
    return container.resolve("mnt/root").resolve(path);
  }

  private LayoutFacts read(String installPath, String runtimeDirectory) {
    return new HostRoot(HostFiles.of(kernel, "/mnt/root"))
        .read(new HostRoot.Question(installPath, runtimeDirectory, List.of(), Optional.empty()))
        .layout();
  }

  private void record(String directory, String installPath) throws IOException {
    Files.writeString(
        at(directory + "/launch.json"),
        "{\"schemaVersion\":1,\"installPath\":\"" + installPath + "\",\"steps\":[]}");
  }

  @Test
  void findsNothingOnANewHost() {
    assertThat(read("/opt", "/var/lib/bonree")).isEqualTo(LayoutFacts.NOTHING);
  }

  @Test
  void remembersWhereTheLastLaunchHadItsInstallation() throws IOException {
    record("var/lib/bonree", "/opt");

    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).contains("/opt");
    assertThat(read("/opt", "/var/lib/bonree").former()).isEqualTo(FormerData.NONE);
  }

  @Test
  void remembersItOfARecordAsTheLauncherWritesIt() throws IOException {
    Files.write(
        at("var/lib/bonree/launch.json"),
        JsonText.document(json -> json.writeStringField("installPath", "/opt")));

    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).contains("/opt");
    assertThat(read("/opt", "/var/lib/bonree").former()).isEqualTo(FormerData.NONE);
  }

  @Test
  void followsNoLinkThatTheAgentMayHaveMade() throws IOException {
    Files.createSymbolicLink(at("var/lib/bonree/link"), Path.of("../../../opt"));
    record("var/lib/bonree", "/var/lib/bonree/link");

    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).isEmpty();
  }

  @Test
  void forgetsAnInstallationThatHasGone() throws IOException {
    record("var/lib/bonree", "/opt");
    Files.delete(at("opt/smartagent"));

    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).isEmpty();
  }

  /** The agent may write to that directory, and so may an attacker that controls it. */
  @ParameterizedTest
  @ValueSource(strings = {"opt", "/opt/../etc", "/opt\\u001b[2J", "", "/etc"})
  void believesNoRecordThatIsOdd(String installPath) throws IOException {
    record("var/lib/bonree", installPath);

    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).isEmpty();
  }

  @Test
  void readsNoRecordThatIsALinkOutOfTheRootOrNoFile() throws Exception {
    Files.writeString(container.resolve("evil.json"), "{\"installPath\":\"/opt\"}");
    Path record = at("var/lib/bonree/launch.json");
    Files.createSymbolicLink(record, Path.of("../../../../../evil.json"));
    assertThat(read("/srv", "/var/lib/bonree").former().installPath()).isEmpty();

    Files.delete(record);
    assertThat(new ProcessBuilder("mkfifo", record.toString()).start().waitFor()).isZero();
    assertThat(read("/srv", "/var/lib/bonree").former()).isEqualTo(FormerData.NONE);
    assertThat(read("/srv", "/data/lib/bonree").former()).isEqualTo(FormerData.NONE);
  }

  @Test
  void findsTheStandardRuntimeDirectoryOfBefore() throws IOException {
    record("var/lib/bonree", "/opt");

    assertThat(read("/opt", "/data/lib/bonree").former().runtimeDirectories())
        .containsExactly("/var/lib/bonree");
  }

  @Test
  void findsAnotherThatIsStillMounted() throws IOException {
    record("data/lib/bonree", "/opt");

    assertThat(read("/opt", "/var/lib/bonree").former().runtimeDirectories())
        .containsExactly("/data/lib/bonree");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "autofs", "fuse.sshfs", "cifs"})
  void doesNotTouchWhatMightNotAnswer(String type) throws IOException {
    record("data/lib/bonree", "/opt");
    kernel.mountTable(TABLE.formatted(type));

    assertThat(read("/opt", "/var/lib/bonree").former()).isEqualTo(FormerData.NONE);
  }

  @Test
  void seesWhatTheContainerHasForTheApplicationsOfTheHost() {
    kernel.mountTable(
        TABLE.formatted("xfs") + "110 100 8:1 /pods/1 /tmp/apm rw - ext4 /dev/sda1 rw\n");

    assertThat(read("/opt", "/var/lib/bonree").apmMounted()).isTrue();
  }
}
