package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Command;
import io.smartagent.config.ExitStatus;
import io.smartagent.modules.ModuleCatalog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ExitStatus run(String... words) {
    return Main.run(List.of(words), new Terminal(out, err, false));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helps(String word) {
    assertThat(run(word)).isEqualTo(ExitStatus.OK);
    assertThat(out()).isEqualTo(Help.overview());
    assertThat(err()).isEmpty();
  }

  @Test
  void printsHelpAndFailsWithoutArguments() {
    assertThat(run()).isEqualTo(ExitStatus.USAGE);
    assertThat(out()).isEqualTo(Help.overview());
  }

  @ParameterizedTest
  @EnumSource
  void helpsWithEachCommand(Command command) {
    assertThat(run(command.id(), "--help")).isEqualTo(ExitStatus.OK);
    assertThat(out()).isEqualTo(Help.of(command, ModuleCatalog.modules()));
  }

  @Test
  void printsItsVersion() {
    assertThat(run("--version")).isEqualTo(ExitStatus.OK);
    assertThat(out()).matches("smartagent \\S+\\n");
  }

  @Test
  void refusesACommandThatThereIsNot() {
    assertThat(run("confg")).isEqualTo(ExitStatus.USAGE);
    assertThat(err())
        .isEqualTo(
            "smartagent: There is no command \"confg\". The commands are config, run, probe, plan,"
                + " status, audit, fleet, manifest. Did you mean config?\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void refusesOptionsOfAnotherCommandAllAtOnce() {
    assertThat(run("probe", "--user=x", "--format=yaml")).isEqualTo(ExitStatus.USAGE);
    assertThat(err().lines()).hasSize(2);
  }

  @Test
  void refusesToLaunchWithAWrongOptionAndReportsTheHostsProblemsToo() {
    assertThat(run("config", "--usr=nobody", "--user", "")).isEqualTo(ExitStatus.USAGE);
    assertThat(err())
        .contains("Command config has no option --usr. Try config --help. Did you mean --user?")
        .contains("--user is \"\".")
        .doesNotContain("Exception", "\tat ");
    assertThat(out()).isEmpty();
  }

  @Test
  void plansAsJsonOnStandardOutputOnly() {
    assertThat(run("plan", "--format", "json", "--mode", "sideways")).isEqualTo(ExitStatus.USAGE);
    assertThat(out()).startsWith("{").contains("\"decision\" : \"refuse\"").endsWith("}\n");
    assertThat(err()).isEmpty();
  }
}
