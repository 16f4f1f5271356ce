package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Command;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Variables;
import io.smartagent.module.Variable;
import io.smartagent.modules.ModuleCatalog;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpTest {

  @ParameterizedTest
  @EnumSource
  void listsEveryCommandWithWhatItDoes(Command command) {
    assertThat(words(Help.overview())).contains(" " + command.id() + " " + command.summary());
    assertThat(Help.of(command, ModuleCatalog.modules()))
        .startsWith("Usage: smartagent " + command.id() + " ");
  }

  static List<Variable> variables() {
    return Variables.of(ModuleCatalog.modules()).all();
  }

  @ParameterizedTest
  @MethodSource("variables")
  void listsEveryOptionWithItsVariable(Variable option) {
    for (Command command : Command.values()) {
      String help = Help.of(command, ModuleCatalog.modules());
      if (command.takesLaunchOptions()) {
        assertThat(words(help)).contains(option.variable()).contains(option.help());
        if (option.flag() != null) {
          assertThat(help).contains("  " + option.flag());
        }
      } else {
        assertThat(help).doesNotContain(option.variable());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fitsATerminal(Command command) {
    assertThat((Help.overview() + Help.of(command, ModuleCatalog.modules())).lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  /** Where the rows are broken is not the point. */
  private static String words(String help) {
    return help.replaceAll("\\s+", " ");
  }

  @Test
  void namesEveryExitCode() {
    assertThat(Stream.of(ExitStatus.values()).filter(status -> status != ExitStatus.OK))
        .allMatch(status ->
            Help.overview().contains(" " + status.code())
                || Help.overview().contains("\n" + status.code()));
  }

  @ParameterizedTest
  @EnumSource
  void fitsOnAScreen(Command command) {
    assertThat(Help.of(command, ModuleCatalog.modules()).lines())
        .allMatch(line -> line.length() <= 140);
    assertThat(Help.overview().lines()).allMatch(line -> line.length() <= 100);
  }
}
