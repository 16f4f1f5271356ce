package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {

  @Test
  void areSeparatedByBlanksButNotInQuotes() {
    assertThat(Words.split(" bin/start --name 'a b' \"it's\"  x''y '' "))
        .contains(List.of("bin/start", "--name", "a b", "it's", "xy", ""));
  }

  @Test
  void meanNothingElse() {
    assertThat(Words.split("$HOME `id` \\n ~ *"))
        .contains(List.of("$HOME", "`id`", "\\n", "~", "*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "a \"b", "'\""})
  void areNoneWhereAQuoteIsNotClosed(String text) {
    assertThat(Words.split(text)).isEmpty();
  }
}
