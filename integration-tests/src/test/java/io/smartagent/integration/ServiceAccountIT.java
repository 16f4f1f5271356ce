package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.ServiceAccountVolume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token of the pod's ServiceAccount, as the agent sees it inside the host's root. */
final class ServiceAccountIT {

  /** No server listens, and none has to. */
  private static final int NO_SERVER_PORT = 1;

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private final HostRoot root = afterwards.close(HostRoot.debian());
  private final ServiceAccountVolume volume =
      afterwards.close(ServiceAccountVolume.holding("first"));

  private RunningContainer start(Launcher launcher) {
    return afterwards.close(launcher.inPod(NO_SERVER_PORT).user("agent").startAgent()).awaitReady();
  }

  /** Asked as the agent's user, in the agent's root and mount namespace. */
  private Completed asAgent(RunningContainer agent, String... words) {
    String[] command = new String[words.length + 9];
    String pid = Long.toString(agent.pid());
    String[] enter = {"nsenter", "-t", pid, "-m", "-r", "-S", uid(pid), "-G", "0"};
    System.arraycopy(enter, 0, command, 0, 9);
    System.arraycopy(words, 0, command, 9, words.length);
    return Programs.run(command);
  }

  private static String uid(String pid) {
    return Programs.run("stat", "-c", "%u", "/proc/" + pid).orFail().out().strip();
  }

  private String directory() throws Exception {
    JsonNode record =
        new ObjectMapper().readTree(root.runtimeHere().resolve("launch.json").toFile());
    assertThat(record.get("cluster").get("server").asText()).isEqualTo("https://127.0.0.1:1");
    assertThat(record.get("cluster").get("namespace").asText()).isEqualTo("default");
    return record.get("cluster").get("directory").asText();
  }

  private void assertThatTheAgentReadsIt(RunningContainer agent, String directory) {
    assertThat(asAgent(agent, "cat", directory + "/token").orFail().out()).isEqualTo("first");
    volume.renew("second");
    assertThat(asAgent(agent, "cat", directory + "/token").orFail().out()).isEqualTo("second");
    assertThat(asAgent(agent, "touch", directory + "/new").error())
        .contains("Read-only file system");
  }

  @Test
  void isShownInTheSealedRootWhereItIsMountedByItself() throws Exception {
    RunningContainer agent = start(Launcher.on(root).option(volume.automounted()));

    assertThat(directory()).isEqualTo("/tmp/.serviceaccount");
    assertThatTheAgentReadsIt(agent, directory());
  }

  @Test
  void isShownInTheDataDirectoryInModeFull() throws Exception {
    RunningContainer agent = start(Launcher.onWritable(root).option(volume.automounted()));

    assertThat(directory()).isEqualTo(root.runtime() + "/serviceaccount");
    assertThatTheAgentReadsIt(agent, directory());
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void isSeenAsAProjectedVolumeWithAndWithoutSysAdmin(String noRemount) throws Exception {
    Launcher launcher =
        Launcher.on(root)
            .option(volume.projected(root))
            .environment("SMARTAGENT_NO_REMOUNT_ROOT", noRemount);
    RunningContainer agent =
        start(noRemount.equals("true") ? launcher.without("SYS_ADMIN") : launcher);

    assertThat(directory()).isEqualTo(root.runtime() + "/serviceaccount");
    assertThatTheAgentReadsIt(agent, directory());
  }

  @Test
  void isReportedAsMissingWhereItCannotBeShown() {
    Launcher launcher =
        Launcher.on(root)
            .inPod(NO_SERVER_PORT)
            .option(volume.automounted())
            .without("SYS_ADMIN")
            .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")
            .user("agent");

    assertThat(launcher.plan().has("cluster")).isFalse();
    assertThat(launcher.probe().get("abilities").toString())
        .contains("\"name\":\"service-account\",\"available\":true");
  }

  @Test
  void isNotGivenToAProgramOfTheHost() {
    Completed seen =
        Launcher.on(root)
            .inPod(NO_SERVER_PORT)
            .option(volume.automounted())
            .user("agent")
            .run("ls", "-a", "/tmp", "/var/run/secrets");

    assertThat(seen.out()).doesNotContain("serviceaccount");
  }
}
