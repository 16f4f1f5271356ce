package io.smartagent.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTreeTest {

  private static JsonTree tree(String json) throws IOException {
    return JsonTree.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void findsWhatIsThere() throws IOException {
    JsonTree tree = tree("{\"a\":{\"b\":[1,\"x\",true,null]},\"n\":-5,\"t\":true}");

    assertThat(tree.get("a").get("b").texts()).containsExactly("1", "x", "true", "");
    assertThat(tree.get("n").number()).isEqualTo(-5);
    assertThat(tree.get("t").isTrue()).isTrue();
  }

  @Test
  void findsNothingWhereThereIsSomethingElse() throws IOException {
    JsonTree tree = tree("{\"a\":[1],\"s\":\"text\",\"z\":null}");

    assertThat(tree.get("a").get("b").text()).isEmpty();
    assertThat(tree.get("missing").items()).isEmpty();
    assertThat(tree.get("s").number()).isZero();
    assertThat(tree.get("s").isTrue()).isFalse();
    assertThat(tree.get("a").text()).isEmpty();
    assertThat(tree.get("z").textOrNull()).isNull();
    assertThat(tree.get("a").items().getFirst().textOrNull()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "[1,", "{\"a\"", "{\"a\":}", "nul", "\"open", "{'a':1}", "]"})
  void refusesWhatIsNotJson(String text) {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> tree(text));
  }

  @Test
  void refusesWhatIsNestedDeeperThanTheStackWouldBear() {
    String deep = "[".repeat(200_000);

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> tree(deep));
  }

  @Test
  void refusesANumberOfAMillionDigits() {
    String huge = "9".repeat(1_000_000);

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> tree(huge));
  }
}
