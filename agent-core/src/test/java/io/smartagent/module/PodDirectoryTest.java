package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PodDirectoryTest {

  private static final LogFilter OLD = LogFilter.STANDARD;
  private static final LogFilter NEW =
      new LogFilter(LabelSelector.EVERYTHING, NamespaceSelection.ALL, false);

  private final PodDirectory pods = new PodDirectory();

  private static PodIdentity pod() {
    return new PodIdentity(
        "u", "web", "shop", "node", null, "Pod", "web", List.of(), Map.of(), Map.of(), Map.of());
  }

  @Test
  void saysOfAPodThatHasEndedWhatWasSaidBefore() {
    pods.replace(Map.of("u", pod()), Map.of(), OLD);
    pods.replace(Map.of(), Map.of(), OLD);

    assertThat(pods.logs("u", OLD)).isEqualTo(LogChoice.INCLUDED);
  }

  @Test
  void passesNothingThatOneFilterSaidForWhatAnotherSays() {
    pods.replace(Map.of("u", pod()), Map.of(), OLD);
    pods.replace(Map.of(), Map.of(), NEW);

    assertThat(pods.logs("u", NEW)).isEqualTo(LogChoice.UNKNOWN);
  }

  @Test
  void heedsWhatAPodSaysItselfWhateverTheFilter() {
    pods.replace(Map.of("u", pod().withLogs(false, LogChoice.EXCLUDED)), Map.of(), OLD);

    assertThat(pods.logs("u", NEW)).isEqualTo(LogChoice.EXCLUDED);

    pods.replace(Map.of(), Map.of(), NEW);

    assertThat(pods.logs("u", NEW)).isEqualTo(LogChoice.EXCLUDED);
  }
}
