package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventJsonTest {

  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.25Z");

  @SuppressWarnings("NullAway") // It does not see that the compiled record takes null values.
  private static String line(Map<String, @Nullable Object> attributes) throws IOException {
    byte[] line =
        new EventJson()
            .accept(
                "host-events",
                Event.of(DocumentedEvents.type("OOMKilling"), NOON).putAll(attributes).build());
    return new String(line, StandardCharsets.UTF_8);
  }

  @Test
  void writesAttributesOfEveryKindInTheirOrder() throws IOException {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("process", "hog");
    attributes.put("pid", 7024);
    attributes.put("bytes", 33_161_216L);
    attributes.put("ratio", 0.5);
    attributes.put("killed", true);
    attributes.put("pod", null);
    attributes.put("groups", List.of(1, "two"));
    attributes.put("labels", Map.of("app", "web"));

    assertThat(line(attributes))
        .isEqualTo(
            "{\"time\":\"2026-11-01T12:00:00.250Z\",\"module\":\"host-events\","
                + "\"type\":\"OOMKilling\",\"process\":\"hog\",\"pid\":7024,\"bytes\":33161216,"
                + "\"ratio\":0.5,\"killed\":true,\"pod\":null,\"groups\":[1,\"two\"],"
                + "\"labels\":{\"app\":\"web\"}}\n");
  }

  @Test
  void keepsAnEventOnOneLineWhateverAProcessIsCalled() throws IOException {
    assertThat(line(Map.of("process", "a\n{\"type\":\"forged\"}\u0000")))
        .hasLineCount(1)
        .contains("a\\n{\\\"type\\\":\\\"forged\\\"}\\u0000");
  }

  @Test
  void survivesTextThatIsNoUnicode() throws IOException {
    assertThat(line(Map.of("process", "half\ud83d"))).contains("\"process\":\"half?\"");
  }

  @Test
  void doesNotLetAnAttributeSayWhoseEventItIs() throws IOException {
    assertThat(line(Map.of("module", "another")))
        .contains("\"module\":\"host-events\"")
        .contains("\"module_\":\"another\"");
  }
}
