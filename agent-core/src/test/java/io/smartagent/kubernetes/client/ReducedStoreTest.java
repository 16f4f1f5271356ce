package io.smartagent.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ReducedStoreTest {

  private final ReducedStore<Pod, String> store =
      new ReducedStore<>(Pod::new, pod -> pod.getMetadata().getLabels().get("kept"));

  private static Pod pod(String name, String version, String kept) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withResourceVersion(version)
        .addToLabels(kept.isEmpty() ? "other" : "kept", kept)
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .endSpec()
        .build();
  }

  @Test
  void keepsTheVersionAndWhatIsAskedFor() {
    assertThat(store.put("shop/web", pod("web", "1", "a"))).isNull();
    Pod before = Objects.requireNonNull(store.put("shop/web", pod("web", "2", "b")));
    assertThat(before.getMetadata().getResourceVersion()).isEqualTo("1");
    assertThat(before.getMetadata().getNamespace()).isEqualTo("shop");
    assertThat(before.getSpec()).isNull();
    assertThat(store.kept()).containsExactly(Map.entry("shop/web", "b"));
    assertThat(store.getKey(pod("web", "1", "a"))).isEqualTo("shop/web");
    assertThat(store.values())
        .singleElement()
        .satisfies(shell -> assertThat(store.getKey(shell)).isEqualTo("shop/web"));
  }

  @Test
  void countsChangesOfWhatIsKept() {
    store.put("shop/other", pod("other", "1", ""));
    assertThat(store.changes()).isZero();
    assertThat(store.size()).isOne();
    store.put("shop/web", pod("web", "1", "a"));
    assertThat(store.changes()).isOne();
    store.put("shop/web", pod("web", "2", ""));
    assertThat(store.changes()).isEqualTo(2);
    store.remove("shop/other");
    assertThat(store.changes()).isEqualTo(2);
    store.put("shop/web", pod("web", "3", "a"));
    store.remove("shop/web");
    assertThat(store.changes()).isEqualTo(4);
    assertThat(store.kept()).isEmpty();
    assertThat(store.remove("shop/web")).isNull();
  }
}
