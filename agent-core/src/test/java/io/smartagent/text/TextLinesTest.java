package io.smartagent.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TextLinesTest {

  private final List<String> lines = new ArrayList<>();

  @Test
  void leavesAShortTextOnOneLine() {
    TextLines.wrap(lines, "name  ", 6, "a few words");

    assertThat(lines).containsExactly("name  a few words");
  }

  @Test
  void breaksBetweenWordsAndIndentsTheRest() {
    TextLines.wrap(lines, "name  ", 6, "word ".repeat(40).strip());

    assertThat(lines).hasSize(2).allMatch(line -> line.length() <= TextLines.WIDTH);
    assertThat(lines.getFirst()).startsWith("name  word word").endsWith("word");
    assertThat(lines.getLast()).startsWith("      word");
    assertThat(String.join(" ", lines).split(" +")).hasSize(41);
  }

  @Test
  void breaksAPathThatIsWiderThanTheTerminal() {
    String path = "/" + "x".repeat(300);

    TextLines.wrap(lines, "  ", 2, path);

    assertThat(lines).hasSize(3).allMatch(line -> line.length() <= TextLines.WIDTH);
    assertThat(String.join("", lines).replace(" ", "")).isEqualTo(path);
  }

  @Test
  void keepsTheLinesOfYaml() {
    TextLines.wrap(lines, "- ", 2, "Mount it:\nvolumes:\n- name: a\n  hostPath: {path: /a}");

    assertThat(lines)
        .containsExactly("- Mount it:", "  volumes:", "  - name: a", "    hostPath: {path: /a}");
  }

  @Test
  void countsNoColumnForColours() {
    TextLines.wrap(lines, "\u001b[32myes\u001b[0m ", 4, "x".repeat(116));

    assertThat(lines).hasSize(1);
  }

  @Test
  void endsALineWithoutBlanks() {
    TextLines.wrap(lines, "name  ", 6, "");

    assertThat(lines).containsExactly("name");
  }

  @Test
  void isAsWideAsTheTerminalWithinReason() {
    assertThat(TextLines.width("80")).isEqualTo(80);
    assertThat(TextLines.width("12")).isEqualTo(60);
    assertThat(TextLines.width("300")).isEqualTo(120);
    assertThat(TextLines.width("0")).isEqualTo(120);
    assertThat(TextLines.width("wide")).isEqualTo(120);
    assertThat(TextLines.width(null)).isEqualTo(120);
  }
}
