package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogFilterTest {

  private static LogFilter filter(String pods, String namespaces) {
    return new LogFilter(
        LabelSelector.parse(pods).orElseThrow(),
        NamespaceSelection.parse(namespaces).orElseThrow(),
        true);
  }

  private static final Map<String, String> WEB = Map.of("app", "web");

  @ParameterizedTest
  @CsvSource({
    "'', shop, true",
    "'shop', shop, true",
    "'shop', shops, false",
    "'sho*', shop, true",
    "'*', shop, true",
    "'!shop', shop, false",
    "'!shop', web, true",
    "'!shop-*', shop-test, false",
    "'shop*, !shop-test', shop-test, false",
    "'shop*, !shop-test', shop-1, true",
    "'shop*, !shop-test', web, false"
  })
  void selectsNamespaces(String namespaces, String namespace, boolean included) {
    assertThat(filter("", namespaces).includes(namespace, WEB, Map.of())).isEqualTo(included);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "A", "a_b", "!", "a*b", "!!a", "a/b", "**"})
  void refusesWhatNoNamespaceIsCalled(String text) {
    assertThat(NamespaceSelection.parse(text)).isEmpty();
  }

  @Test
  void selectsPodsByTheirLabels() {
    assertThat(filter("app=web", "").includes("shop", WEB, Map.of())).isTrue();
    assertThat(filter("app=web", "").includes("shop", Map.of(), Map.of())).isFalse();
    assertThat(filter("app=web", "other").includes("shop", WEB, Map.of())).isFalse();
  }

  @Test
  void letsThePodItselfDecide() {
    Map<String, String> out = Map.of("smartagent.io/logs", "false");
    Map<String, String> in = Map.of("smartagent.io/logs", "true");
    Map<String, String> neither = Map.of("smartagent.io/logs", "maybe");

    assertThat(filter("", "").includes("shop", WEB, out)).isFalse();
    assertThat(filter("app=db", "other").includes("shop", WEB, in)).isTrue();
    assertThat(filter("", "").includes("shop", WEB, neither)).isTrue();
    assertThat(filter("app=db", "").includes("shop", WEB, neither)).isFalse();
  }
}
