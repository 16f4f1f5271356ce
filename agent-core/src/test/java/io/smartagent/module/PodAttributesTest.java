package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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

  private Event of(@Nullable String containerId, @Nullable String podUid) {
    EventOwner owner = new EventOwner(containerId, null, null, null, podUid, null, null);
    EventType type = EventType.info("ContainerStarted", "A container has started.");
    return PodAttributes.addTo(Event.of(type, Instant.EPOCH).owner(owner).build(), containers);
  }

  @Test
  void saysAllThatIsKnownOfThePod() {
    know(false);
    assertThat(of(null, "uid-1").attributes().get("kubernetes"))
        .hasToString(
            "{pod=web-1, namespace=shop, node=node-1, podIp=10.0.0.7, workloadKind=Deployment,"
                + " workload=web, services=[all, web], labels={app=web}, annotations={owner=Ann},"
                + " namespaceLabels={team=blue}, stale=false}");
  }

  @Test
  void findsThePodByTheContainer() {
    know(false);
    assertThat(of("c1", null).attributes()).containsKey("kubernetes");
  }

  @Test
  void marksWhatMayHaveChanged() {
    know(true);
    assertThat(String.valueOf(of(null, "uid-1").attributes().get("kubernetes")))
        .endsWith("stale=true}");
  }

  @Test
  void stillKnowsAPodThatHasGone() {
    know(false);
    containers.pods().replace(Map.of(), Map.of());
    assertThat(of(null, "uid-1").attributes()).containsKey("kubernetes");
  }

  @Test
  void leavesOtherEventsAsTheyAre() {
    know(false);
    assertThat(of(null, "uid-2").attributes()).doesNotContainKey("kubernetes");
    assertThat(of(null, null).attributes()).doesNotContainKey("kubernetes");
    assertThat(of("c2", null).attributes()).doesNotContainKey("kubernetes");
  }
}
