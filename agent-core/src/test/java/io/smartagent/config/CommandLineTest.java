package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineTest {

  private static CommandLine parse(Command command, String... words) {
    return CommandLine.parse(command, List.of(words));
  }

  @Test
  void takesAValueBehindAnEqualsSignOrASpace() {
    CommandLine line =
        parse(Command.CONFIG, "--user", "nobody", "--mode=full", "--strict", "--modules", "a,b");

    assertThat(line.problems()).isEmpty();
    assertThat(line.options())
        .isEqualTo(
            Map.of(
                Option.USER, "nobody",
                Option.MODE, "full",
                Option.STRICT, "true",
                Option.MODULES, "a,b"));
  }

  @Test
  void keepsEmptyValuesAndEqualsSignsInThem() {
    CommandLine line = parse(Command.CONFIG, "--user", "", "--modules=a=b");

    assertThat(line.options()).isEqualTo(Map.of(Option.USER, "", Option.MODULES, "a=b"));
  }

  @Test
  void takesTheLastOfTwo() {
    assertThat(parse(Command.CONFIG, "--user", "a", "--user", "b").options())
        .isEqualTo(Map.of(Option.USER, "b"));
  }

  @Test
  void keepsEveryAssumptionOfAPlan() {
    CommandLine line = parse(Command.PLAN, "--assume", "caps=all,nnp=true", "--assume=uid=1");

    assertThat(line.problems()).isEmpty();
    assertThat(line.assumptions()).containsExactly("caps=all,nnp=true", "uid=1");
  }

  @Test
  void assumesNothingForALaunch() {
    assertThat(parse(Command.CONFIG, "--assume", "caps=all").problems())
        .extracting(Problem::fault)
        .contains("Command config has no option --assume.");
    assertThat(parse(Command.PLAN, "--asume", "caps=all").problems())
        .extracting(Problem::remedy)
        .anyMatch(remedy -> remedy.endsWith("Did you mean --assume?"));
    assertThat(parse(Command.PLAN, "--assume").problems())
        .extracting(Problem::remedy)
        .containsExactly("Write --assume KEY=VALUE.");
  }

  @Test
  void leavesAllBehindTwoDashesToTheProgram() {
    CommandLine line = parse(Command.RUN, "--strict", "--", "sh", "--user", "-h", "--", "");

    assertThat(line.program()).containsExactly("sh", "--user", "-h", "--", "");
    assertThat(line.options()).containsOnlyKeys(Option.STRICT);
    assertThat(line.help()).isFalse();
    assertThat(line.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CONFIG | --usr nobody     | Command config has no option --usr.
          CONFIG | --format json    | Command config has no option --format.
          CONFIG | --user           | Option --user has no value.
          CONFIG | --user --strict  | Option --user has no value.
          CONFIG | --               | Command config has no option --.
          CONFIG | -u               | Command config has no option -u.
          CONFIG | nobody           | Command config takes no argument "nobody".
          PROBE  | --user=nobody    | Command probe has no option --user.
          PROBE  | --format xml     | Option --format is "xml".
          PROBE  | --format         | Option --format has no value.
          STATUS | --strict         | Command status has no option --strict.
          RUN    | --strict         | Command run has nothing to run.
          RUN    | --               | Command run has nothing to run.
          RUN    | /bin/sh          | Command run takes no argument "/bin/sh".
          """)
  void refusesWhatItDoesNotUnderstand(Command command, String words, String fault) {
    List<Problem> problems = parse(command, words.split(" ", -1)).problems();

    assertThat(problems.getFirst().fault()).isEqualTo(fault);
    assertThat(problems)
        .allSatisfy(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.USAGE);
          assertThat(problem.remedy()).isNotBlank();
        });
  }

  @Test
  void suggestsWhatWasMeant() {
    assertThat(parse(Command.CONFIG, "--usr=nobody").problems().getFirst().remedy())
        .isEqualTo("Try config --help. Did you mean --user?");
    assertThat(parse(Command.RUN, "sh").problems().getFirst().remedy())
        .isEqualTo("Write -- before the program to run. Try run --help.");
    assertThat(parse(Command.PROBE, "--quite-another").problems().getFirst().remedy())
        .isEqualTo("Try probe --help.");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThat(parse(Command.CONFIG, "--usr=a", "--nothing", "--user").problems()).hasSize(3);
  }

  @Test
  void givesHelpWhateverElseIsThere() {
    assertThat(parse(Command.CONFIG, "--user", "--help").help()).isTrue();
    assertThat(parse(Command.RUN, "-h").problems()).isEmpty();
  }

  @Test
  void writesTextByDefault() {
    assertThat(parse(Command.PROBE).format()).isEqualTo("text");
    assertThat(parse(Command.PLAN, "--format=json").format()).isEqualTo("json");
  }
}
