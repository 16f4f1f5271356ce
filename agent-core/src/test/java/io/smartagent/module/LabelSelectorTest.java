package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LabelSelectorTest {

  private static final Map<String, String> WEB =
      Map.of("app", "web", "tier", "front", "empty", "", "example.com/a.b_c", "x");

  /** What {@code kubectl get pods -l} says of such a pod. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web | true",
        "app==web | true",
        "app = web | true",
        "app=Web | false",
        "app!=web | false",
        "app!=db | true",
        "other!=x | true",
        "other=x | false",
        "app | true",
        "!app | false",
        "! other | true",
        "other | false",
        "empty= | true",
        "empty | true",
        "app= | false",
        "app in (web) | true",
        "app in (db,web) | true",
        "app in ( db , web ) | true",
        "app in(web) | true",
        "app in (db) | false",
        "empty in () | true",
        "other in (a,b) | false",
        "app notin (db,cache) | true",
        "app notin (db,web) | false",
        "other notin (a) | true",
        "app=web,tier!=back,!debug,tier in (front,middle) | true",
        "app=web,tier=back | false",
        "app=web , debug | false",
        "example.com/a.b_c=x | true",
        "in | false",
        "notin in (a) | false",
        "'' | true",
        "'  ' | true"
      })
  void selectsAsKubernetesDoes(String text, boolean selected) {
    assertThat(LabelSelector.parse(text).orElseThrow().matches(WEB)).isEqualTo(selected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "app=web,",
        ",app=web",
        "a,,b",
        "=web",
        "!=web",
        "!",
        "!!app",
        "!app=web",
        "a=b=c",
        "a===b",
        "a=!b",
        "app web",
        "app in web",
        "app in",
        "in (a)",
        "app in (web",
        "app in web)",
        "app in (web))",
        "app in ((web))",
        "app in (web) x",
        "app on (web)",
        "app in (we b)",
        "a>1",
        "a<1",
        "-a=b",
        "a-=b",
        "a=-b",
        "a=b/c",
        "/a",
        "a/",
        "a/b/c",
        "Example.com/a",
        "a=\u00e4",
        "a=b\u0000",
        "a123456789012345678901234567890123456789012345678901234567890123",
        "a=a123456789012345678901234567890123456789012345678901234567890123"
      })
  void refusesWhatIsNoSelector(String text) {
    assertThat(LabelSelector.parse(text)).isEmpty();
  }

  @Test
  void takesNamesOfTheGreatestLength() {
    String name = "a".repeat(63);

    assertThat(LabelSelector.parse("b".repeat(253) + "/" + name + "=" + name)).isPresent();
    assertThat(LabelSelector.parse("b".repeat(254) + "/a")).isEmpty();
  }
}
