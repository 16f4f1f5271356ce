package io.smartagent.livesettings;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.smartagent.config.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigMapFollowerTest {

  private static ConfigMapBuilder map() {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("settings")
        .withResourceVersion("48151")
        .endMetadata();
  }

  @Test
  void takesItsData() {
    ConfigMap map = map().addToData("SMARTAGENT_LOG_PODS", "app=web").build();

    SettingsDocument document = ConfigMapFollower.document(map);

    assertThat(document.version()).isEqualTo("48151");
    assertThat(document.entries()).isEqualTo(Map.of("SMARTAGENT_LOG_PODS", "app=web"));
    assertThat(document.problems()).isEmpty();
  }

  @Test
  void mayHaveNoData() {
    assertThat(ConfigMapFollower.document(map().build()).entries()).isEmpty();
  }

  @Test
  void saysThatBinaryDataIsNoSetting() {
    ConfigMap map =
        map().addToBinaryData("b", "AP8=").addToBinaryData("SMARTAGENT_LOG_PODS", "AP8=").build();

    assertThat(ConfigMapFollower.document(map).problems())
        .extracting(Problem::fault)
        .containsExactly("\"SMARTAGENT_LOG_PODS\" is in binaryData.", "\"b\" is in binaryData.");
  }
}
