package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BooleansTest {

  @ParameterizedTest
  @CsvSource({"true, true", "TRUE, true", "True, true", "false, false", "False, false"})
  void readsBothInAnyCase(String text, boolean value) {
    assertThat(Booleans.parse(text)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "yes", "1", "true ", "tru"})
  void readsNothingElse(String text) {
    assertThat(Booleans.parse(text)).isEmpty();
  }
}
