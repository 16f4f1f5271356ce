package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {

  private static final List<String> KNOWN = List.of("config", "run", "probe", "plan", "status");

  @ParameterizedTest
  @CsvSource({
    "confg, ' Did you mean config?'",
    "Probe, ' Did you mean probe?'",
    "plna, ' Did you mean plan?'",
    "statuss, ' Did you mean status?'",
    "manifest, ''",
    "'', ''"
  })
  void suggestsOnlyWhatIsClose(String word, String suggestion) {
    assertThat(Spelling.suggestion(word, KNOWN)).isEqualTo(suggestion);
    assertThat(Spelling.suggestion(word, List.of())).isEmpty();
  }
}
