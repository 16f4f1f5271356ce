package io.smartagent.kubernetes.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class YamlWriterTest {

  private static Object read(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "plain", "true", "No", "~", "null", "1", "1e3", "0x1f", "1:30", "a: b", "a:b", "a #b",
            "#a",
        "- a", "-", "'a'", "\"a\"", "a\\b", "a\nb: c", "\t", "[a]", "{a: b}", "*a", "&a", "!a",
            "%a", "@a",
        "a:", " a ", "/opt/a b", "\u0085", "\u2028", "ä", "=", "<<"
      })
  void aTextIsReadAsItWasWritten(String text) {
    String yaml =
        YamlWriter.yaml(
            List.of(
                Yaml.map()
                    .put("value", text)
                    .put("list", Yaml.list().add("why", Yaml.text(text)))
                    .put("inline", Yaml.texts(List.of(text)))));

    assertThat(read(yaml))
        .isEqualTo(Map.of("value", text, "list", List.of(text), "inline", List.of(text)));
  }

  @Test
  void aCommentStaysOne() {
    String yaml =
        YamlWriter.yaml(
            List.of(
                Yaml.map().put("first\nevil: true " + "word ".repeat(50), "key", Yaml.flag(true))));

    assertThat(read(yaml)).isEqualTo(Map.of("key", true));
    assertThat(yaml.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void aCommandLineIsOneLine() {
    assertThat(YamlWriter.word("a\nb")).isEqualTo("\"a\\nb\"");
  }
}
