package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartagent.config.ExitStatus;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

final class FullClassPathTest {

  /** Ends by the number of words that it gets. */
  public static final class Counting implements ToIntFunction<List<String>> {

    /** For the class path. */
    public Counting() {}

    @Override
    public int applyAsInt(List<String> words) {
      return words.size();
    }
  }

  @Test
  void runsACommandByItsName() {
    String name = Counting.class.getName();
    assertThat(FullClassPath.run(name, List.of())).isEqualTo(ExitStatus.OK);
    assertThat(FullClassPath.run(name, List.of("one"))).isEqualTo(ExitStatus.FOUND);
  }

  @Test
  void refusesANameThatNoJarHas() {
    assertThatThrownBy(() -> FullClassPath.run("io.smartagent.cli.Nothing", List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("io.smartagent.cli.Nothing");
  }
}
