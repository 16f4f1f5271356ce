package io.smartagent.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonStartTest {

  private static Optional<String> path(String json) {
    return JsonStart.text(json.getBytes(StandardCharsets.UTF_8), "path");
  }

  @Test
  void findsAFieldOfTheDocumentItselfBehindOthers() {
    assertThat(path("{\"v\":1,\"o\":{\"path\":\"/inner\",\"l\":[1,{}]},\"path\":\"/a\\\"b\"}"))
        .contains("/a\"b");
  }

  @Test
  void needsNothingOfWhatStandsBehindIt() {
    assertThat(path("{\"path\":\"/a\",\"steps\":[{\"act")).contains("/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "path",
        "{\"path\":1}",
        "{\"path\":null}",
        "{\"path\":{\"path\":\"/a\"}}",
        "{\"path\":\"/cut",
        "{\"other\":\"/a\"}",
        "{\"other\":[[[["
      })
  void findsNothingElsewhere(String json) {
    assertThat(path(json)).isEmpty();
  }
}
