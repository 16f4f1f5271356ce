package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.RunningContainer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the agent ends. Alone, for it is a matter of time. */
@Isolated
final class AgentEndIT {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final HostRoot root = HostRoot.machine();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsWithinTwoSecondsOfSigterm(boolean asInit) {
    Launcher launcher = Launcher.on(root).user("nobody");
    try (RunningContainer agent = (asInit ? launcher.withOwnProcesses() : launcher).startAgent()) {
      agent.awaitReady();
      Instant asked = Instant.now();
      Docker.docker("kill", "--signal", "TERM", agent.name()).orFail();
      agent.awaitEnd();
      Instant ended = Instant.parse(agent.inspect("{{.State.FinishedAt}}"));
      assertThat(Duration.between(asked, ended)).isLessThan(LIMIT);
      assertThat(agent.inspect("{{.State.ExitCode}}")).isIn("0", "143");
      assertThat(agent.logs().error()).contains("The agent ends.");
    }
  }
}
