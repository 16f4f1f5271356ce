package io.smartagent.kubernetes.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestNode.Scalar;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: A\n---\nkind: B\n",
        "---\nkind: A\n--- # next\nkind: B",
        "kind: A\n...\n%YAML 1.1\n---\nkind: B\n",
        "\uFEFFkind: A\r\n---\r\nkind: B\r\n",
        "---\n---\n# nothing\n---\nkind: A\n---\n\n---\nkind: B\n---\n",
        "{\"kind\": \"A\"}\n{\"kind\": \"B\"}",
        "{\"kind\": \"A\"}\n---\n{\"kind\": \"B\"}\n",
        "---\n{\"kind\":\"A\"}\n---\nkind: B\n",
        "--- {kind: A}\n--- {kind: B}\n",
        "kind: List\nitems:\n- kind: A\n- kind: B\n",
        "{\"apiVersion\": \"v1\", \"items\": [{\"kind\": \"A\"}, {\"kind\": \"B\"}], \"kind\":"
            + " \"List\"}",
        "items:\n- kind: List\n  items: [{kind: A}]\n- {kind: B}\n"
      })
  void findsEveryObject(String manifest) {
    Read read = Read.of(manifest);
    assertThat(read.problems).isEmpty();
    assertThat(read.kinds()).filteredOn(kind -> kind.length() == 1).containsExactly("A", "B");
    assertThat(read.bytes).isEqualTo(manifest.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void callsItemsAfterTheirListWhereTheyNameNoKind() {
    assertThat(Read.of("kind: PodList\nitems: [{}, {kind: Job}]").kinds())
        .containsExactly("Pod", "Job", "PodList");
  }

  @Test
  void knowsTheLines() {
    assertThat(Read.of("# first\nkind: A\n---\n\nkind: B\n---\n{\n\"kind\": \"C\"}\n").lines())
        .containsExactly(2, 5, 7);
  }

  @Test
  void readsWhatStandsInsideOfTextsAsText() {
    Read read = Read.of("kind: A\ndata:\n  x: |\n    ---\n    kind: B\n  y: 1\n");
    assertThat(read.problems).isEmpty();
    assertThat(read.kinds()).containsExactly("A");
  }

  @Test
  void readsTheDocumentsBehindOneThatIsNoYaml() {
    Read read = Read.of("kind: A\n---\nkind: [\n---\nkind: C\n");
    assertThat(read.kinds()).containsExactly("A", "C");
    assertThat(read.texts()).singleElement().asString().startsWith("m.yaml:4: It is not YAML: ");
  }

  @Test
  void followsAliasesAndMerges() {
    Read read =
        Read.of(
            """
            kind: A
            spec:
              base: &base {x: 1, y: 2}
              merged: {<<: *base, y: 3}
              same: *base
            """);
    assertThat(read.problems).isEmpty();
    Mapping spec = map(read.objects.getFirst().fields(), "spec");
    assertThat(text(spec, "merged", "x")).isEqualTo("1");
    assertThat(text(spec, "merged", "y")).isEqualTo("3");
    assertThat(text(spec, "same", "y")).isEqualTo("2");
  }

  private static Mapping map(Mapping from, String name) {
    return (Mapping) Objects.requireNonNull(from.fields().get(name));
  }

  private static String text(Mapping spec, String map, String name) {
    return ((Scalar) Objects.requireNonNull(map(spec, map).fields().get(name))).text();
  }

  @Test
  void keepsNeitherStatusNorData() {
    Read read =
        Read.of("kind: A\nstatus: {x: 1}\ndata: {y: 2}\nmetadata: {managedFields: [{z: 3}]}");
    assertThat(read.objects.getFirst().fields().fields()).containsOnlyKeys("kind", "metadata");
    assertThat(read.objects.toString()).doesNotContain("z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: A\\na: 1\\na: 2        | m.yaml:3: The field "a" occurs twice in the map that begins in line 1.
          kind: A\\nx: {b: 1, b: 2}    | m.yaml:2: The field "b" occurs twice in the map that begins in line 2.
          {"kind":"A",\\n"kind":"B"}   | m.yaml:2: The field "kind" occurs twice in the map that begins in line 1.
          - kind: A                    | m.yaml:1: The document is a list, and not an object of Kubernetes.
          hello                        | m.yaml:1: The document is "hello", and not an object of Kubernetes.
          items: [null]                | m.yaml:1: items[0] is null, and not an object of Kubernetes.
          kind: A\\nx: *y              | m.yaml:2: The alias *y has no anchor &y before it.
          kind: A\\nspec: &y [*y]      | m.yaml:2: The alias *y refers to a node that contains it.
          {"kind": "A"                 | m.yaml:1: It is not JSON: Unexpected end-of-input
          {"kind": nil}                | m.yaml:1: It is not JSON: Unrecognized token 'nil'
          kind: A\\n\\tx: 1            | m.yaml:2: It is not YAML: found character '\\t(TAB)' that cannot start any token
          kind: {{ .Values.x }}        | Line 1 has "{{": it looks like a template of Helm that was not rendered.
          {{- if .x }}\\nkind: A       | Line 1 has "{{": it looks like a template of Helm that was not rendered.
          kind: A\\n? [x]\\n: y        | m.yaml:2: The name of a field is a list.
          """)
  void refuses(String manifest, String problem) {
    Read read = Read.of(manifest.replace("\\n", "\n").replace("\\t", "\t"));
    assertThat(read.kinds()).filteredOn(kind -> kind.equals("A")).isEmpty();
    assertThat(read.texts()).singleElement().asString().contains(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u001f\u008b\b", "PK\u0003\u0004", "\u007fELF", "\u00ff\u00fek", "kind: \u0000A"})
  void refusesWhatIsNoText(String bytes) {
    Read read = Read.of(bytes.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read.objects).isEmpty();
    assertThat(read.texts()).singleElement().asString().contains("no manifest.");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    Read read = Read.of("kind: A\nx: \u00e4\n---\nkind: B\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read.texts()).singleElement().asString().contains("Bytes that are not UTF-8");
    assertThat(read.kinds()).containsExactly("B");
  }

  /** Names are remembered to find one that occurs twice, also in what is not kept. */
  @Test
  void remembersNoMoreNamesThanAnObjectHas() {
    StringBuilder manifest = new StringBuilder("{\"kind\":\"ConfigMap\",\"data\":{\"0\":0");
    for (int i = 1; i <= ObjectReader.VALUES_LIMIT; i++) {
      manifest.append(",\"").append(i).append("\":0");
    }
    assertThat(Read.of(manifest.append("}}").toString()).texts())
        .singleElement()
        .asString()
        .startsWith("m.yaml:1: A map has more than 200000 fields.");
  }

  @Test
  void refusesABombOfAliases() {
    StringBuilder bomb =
        new StringBuilder("kind: A\nspec:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("  a").append(i).append(": &a").append(i).append(" [");
      bomb.append(String.join(", ", Collections.nCopies(9, alias))).append("]\n");
    }
    Read read = Read.of(bomb.append("---\nkind: B\n").toString());
    assertThat(read.texts())
        .anyMatch(text -> text.contains("more than 200000 values, those of its aliases counted"))
        .noneMatch(text ->
            text.contains("refers to a node that contains it") || text.contains("has no anchor"));
    assertThat(read.kinds()).containsExactly("B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void refusesDeepNesting(String open) {
    String close = open.equals("[") ? "]" : open.equals("- ") ? "" : "}";
    Read read = Read.of("kind: A\nspec:\n  " + open.repeat(900) + "x" + close.repeat(900) + "\n");
    assertThat(read.objects).isEmpty();
    assertThat(read.texts())
        .singleElement()
        .asString()
        .contains("nested more than 250 levels deep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind: A\ndata: {x: '%s'}\n", "{\"kind\": \"A\", \"data\": \"%s\"}"})
  void refusesAValueThatNoApiServerTakes(String manifest) {
    int half = manifest.indexOf("%s");
    Read read =
        Read.of(
            new SequenceInputStream(
                Collections.enumeration(
                    List.of(
                        stream(manifest.substring(0, half)),
                        new ByteArrayInputStream(new byte[0]),
                        stream("x".repeat(5 << 20)),
                        stream(manifest.substring(half + 2) + "\n---\nkind: B\n")))));
    assertThat(read.texts()).singleElement().asString().contains("longer than 4 MB");
    assertThat(read.kinds()).containsExactly("B");
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
