package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PodAttributesTest {

  private static final PodIdentity POD =
      new PodIdentity(
          "uid-1",
          "web-1",
          "shop",
          "node-1",
          "10.0.0.7",
          "Deployment",
          "web",
          List.of("web", "all"),
          Map.of("app", "web"),
          Map.of("owner", "Ann"),
          Map.of("team", "blue"));

  private final ContainerDirectory containers = new ContainerDirectory();

  private static ContainerIdentity container(String id) {
    return new ContainerIdentity(
        id, "docker", "app", null, "uid-1", "web-1", "shop", false, null, Map.of());
  }

  private void know(boolean stale) {
    containers.pods().replace(Map.of("uid-1", POD), Map.of("c1", container("c1")));
    containers.pods().setStale(stale);
  }

  @SuppressWarnings("NullAway") // It does not see that the compiled record takes null values.
  private Event with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put(name, value);
    Event event = new Event(Instant.EPOCH, "ContainerStarted", attributes);
    return PodAttributes.addTo(event, containers);
  }

  @Test
  void saysAllThatIsKnownOfThePod() {
    know(false);
    assertThat(with("podUid", "uid-1").attributes().get("kubernetes"))
        .hasToString(
            "{pod=web-1, namespace=shop, node=node-1, podIp=10.0.0.7, workloadKind=Deployment,"
                + " workload=web, services=[all, web], labels={app=web}, annotations={owner=Ann},"
                + " namespaceLabels={team=blue}, stale=false}");
  }

  @Test
  void findsThePodByTheContainer() {
    know(false);
    assertThat(with("containerId", "c1").attributes()).containsKey("kubernetes");
  }

  @Test
  void marksWhatMayHaveChanged() {
    know(true);
    assertThat(String.valueOf(with("podUid", "uid-1").attributes().get("kubernetes")))
        .endsWith("stale=true}");
  }

  @Test
  void stillKnowsAPodThatHasGone() {
    know(false);
    containers.pods().replace(Map.of(), Map.of());
    assertThat(with("podUid", "uid-1").attributes()).containsKey("kubernetes");
  }

  @Test
  void leavesOtherEventsAsTheyAre() {
    know(false);
    assertThat(with("podUid", "uid-2").attributes()).doesNotContainKey("kubernetes");
    assertThat(with("podUid", null).attributes()).doesNotContainKey("kubernetes");
    assertThat(with("containerId", "c2").attributes()).doesNotContainKey("kubernetes");
    assertThat(with("device", "/dev/sda").attributes()).doesNotContainKey("kubernetes");
  }
}
