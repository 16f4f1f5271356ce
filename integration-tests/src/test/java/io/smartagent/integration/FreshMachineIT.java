package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.Slow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** README's first command where there is nothing but git, in a clone of what is committed. */
final class FreshMachineIT {

  private static final Path SCRIPT =
      Path.of(System.getProperty("smartagent.repository", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("integration-tests/fresh-machine");

  @ParameterizedTest
  @CsvSource({
    "--release, 'There is no command \"docker\"'",
    "--client, 'There is no Docker engine: docker.io will be installed.'"
  })
  void getsFromGitAloneToAnAgentThatIsReady(String option, String installed) {
    Slow.assumeWanted();
    List<String> command =
        option.equals("--client")
            ? List.of(SCRIPT.toString(), option)
            : List.of(SCRIPT.toString(), option, "trixie");
    Completed ran = Programs.run(command, Duration.ofMinutes(40));

    assertThat(ran.exitCode()).as("%s", ran).isZero();
    assertThat(ran.error()).contains(installed).contains("Attestation passed");
  }
}
