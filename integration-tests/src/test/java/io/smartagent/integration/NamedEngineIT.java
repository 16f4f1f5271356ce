package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker's client, pointed by the user to an engine that does not answer. */
final class NamedEngineIT {

  private static final Path REPOSITORY =
      Path.of(System.getProperty("smartagent.repository", "..")).toAbsolutePath().normalize();

  /** A port that needs root, and that nothing listens on. */
  private static final String ENGINE = "tcp://127.0.0.1:1";

  private final Path configuration = HostRoot.newPrivateScratch();

  @AfterEach
  void remove() {
    Programs.run("rm", "-r", configuration.toString()).orFail();
  }

  private static void assertRefuses(Completed ran, String named) {
    assertThat(ran.exitCode()).as("%s", ran).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.error())
        .contains("Docker's engine, named by " + named + ", does not answer:")
        .contains("No engine was installed or started.")
        .doesNotContain("will be installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker/local-run", "docker/build-image", "integration-tests/run-all"})
  void refusesWhereAVariableNamesIt(String script) {
    String path = REPOSITORY.resolve(script).toString();
    assertRefuses(
        Programs.run("env", "DOCKER_HOST=" + ENGINE, path), "DOCKER_HOST=\"" + ENGINE + "\"");
    assertRefuses(
        Programs.run("env", "DOCKER_HOST=" + ENGINE, "DOCKER_CONTEXT=default", path),
        "DOCKER_HOST=\"" + ENGINE + "\"");
    assertRefuses(Programs.run("env", "DOCKER_CONTEXT=nosuch", path), "DOCKER_CONTEXT=\"nosuch\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker/local-run", "docker/build-image", "integration-tests/run-all"})
  void refusesWhereAContextNamesIt(String script) {
    String variable = "DOCKER_CONFIG=" + configuration;
    Programs.run(
            "env", variable, "docker", "context", "create", "far", "--docker", "host=" + ENGINE)
        .orFail();
    Programs.run("env", variable, "docker", "context", "use", "far").orFail();
    assertRefuses(
        Programs.run("env", variable, REPOSITORY.resolve(script).toString()),
        "the context \"far\" (" + ENGINE + ")");
  }

  /** What an uninstalled Docker Desktop leaves behind. */
  @Test
  void refusesWhereTheCurrentContextIsGone() throws IOException {
    Files.writeString(
        configuration.resolve("config.json"), "{\"currentContext\":\"desktop-linux\"}");
    assertRefuses(
        Programs.run(
            "env",
            "DOCKER_CONFIG=" + configuration,
            REPOSITORY.resolve("docker/local-run").toString()),
        "currentContext in \"" + configuration.resolve("config.json") + "\"");
  }

  /** A client that the engine refuses is no reason to start or end the engine. */
  @Test
  void leavesAnEngineAloneThatRunsAndDoesNotAnswer() {
    Completed ran =
        Programs.run(
            "env", "DOCKER_API_VERSION=9.99", REPOSITORY.resolve("docker/local-run").toString());
    assertThat(ran.exitCode()).as("%s", ran).isEqualTo(1);
    assertThat(ran.error()).contains("Docker's engine runs, and does not answer this client");
    assertThat(Docker.docker("info").exitCode()).isZero();
  }
}
