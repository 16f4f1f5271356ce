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

  @Test
  void recognisesWithoutAParserWhatJsonTextHasWritten() {
    byte[] document =
        JsonText.document(json -> {
          json.writeStringField("version", "1");
          json.writeStringField("path", "/opt/ä b");
          json.writeObjectFieldStart("other");
          json.writeStringField("inner", "/opt");
          json.writeEndObject();
        });

    assertThat(JsonStart.shows(document, "path", "/opt/ä b")).isTrue();
    assertThat(JsonStart.shows(document, "path", "/opt/ä")).isFalse();
    assertThat(JsonStart.shows(document, "path", "/opt")).isFalse();
    assertThat(JsonStart.shows(document, "inner", "/opt")).isFalse();
  }

  @Test
  void leavesWhatHasToBeEscapedToTheParser() {
    byte[] document =
        JsonText.document(json -> {
          json.writeStringField("path", "/a");
          json.writeStringField("next", "/b");
        });

    assertThat(JsonStart.shows(document, "path", "/a\",\n  \"next\" : \"/b")).isFalse();
    assertThat(JsonStart.shows(document, "path", "/a\\u0041")).isFalse();
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
