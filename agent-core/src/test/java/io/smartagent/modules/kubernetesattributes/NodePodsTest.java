package io.smartagent.modules.kubernetesattributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.LogFilter;
import io.smartagent.module.PodIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class NodePodsTest {

  private static final KubernetesSettings SETTINGS =
      new KubernetesSettings(
          new KeySelection(List.of("app", "team*")), new KeySelection(List.of("owner")));

  private static PodBuilder pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .addToLabels(Map.of("app", "web", "secret", "x", "team.io/name", "blue"))
        .addToAnnotations(Map.of("owner", "Ann", "kubectl.kubernetes.io/last-applied", "{}"))
        .endMetadata()
        .withNewStatus()
        .withPodIP("10.0.0.7")
        .addNewInitContainerStatus()
        .withName("init")
        .withImage("busybox")
        .withContainerID("containerd://1111")
        .endInitContainerStatus()
        .addNewContainerStatus()
        .withName("app")
        .withImage("shop/web:1")
        .withContainerID("containerd://2222")
        .endContainerStatus()
        .addNewContainerStatus()
        .withName("waiting")
        .endContainerStatus()
        .endStatus();
  }

  private static PodObject reduced(Pod pod) {
    return Objects.requireNonNull(PodObject.of(pod, "node-1", SETTINGS, LogFilter.STANDARD));
  }

  private static EndpointSlice slice(String service, String node, String pod) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .addNewEndpoint()
        .withNodeName(node)
        .withNewTargetRef()
        .withKind("Pod")
        .withNamespace("shop")
        .withName(pod)
        .endTargetRef()
        .endEndpoint()
        .build();
  }

  @Test
  void keepsOnlyTheLabelsAndAnnotationsThatAreAllowed() {
    PodIdentity pod = reduced(pod("web-1").build()).pod();
    assertThat(pod.labels())
        .containsExactly(Map.entry("app", "web"), Map.entry("team.io/name", "blue"));
    assertThat(pod.annotations()).containsExactly(Map.entry("owner", "Ann"));
    assertThat(pod.address()).isEqualTo("10.0.0.7");
    assertThat(pod.node()).isEqualTo("node-1");
  }

  @Test
  void knowsTheContainersThatHaveBeenMade() {
    assertThat(reduced(pod("web-1").build()).containers())
        .extracting(ContainerIdentity::id, ContainerIdentity::name, ContainerIdentity::runtime)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("2222", "app", "containerd"),
            org.assertj.core.groups.Tuple.tuple("1111", "init", "containerd"));
  }

  @Test
  void hasTheUidThatKubeletGaveToAStaticPod() {
    NodePods pods =
        NodePods.join(
            Map.of("shop/static", reduced(mirror("static", "hash", "Node"))), List.of(), Map.of());

    assertThat(pods.pods()).containsOnlyKeys("hash");
    assertThat(Objects.requireNonNull(pods.pods().get("hash")).uid()).isEqualTo("hash");
    assertThat(Objects.requireNonNull(pods.containers().get("2222")).podUid()).isEqualTo("hash");
  }

  @Test
  void takesAPodThatHasNoStatusYet() {
    Pod fresh =
        new PodBuilder()
            .withNewMetadata()
            .withUid("u")
            .withName("p")
            .withNamespace("n")
            .endMetadata()
            .build();
    PodObject object = reduced(fresh);
    assertThat(object.pod().address()).isNull();
    assertThat(object.pod().workloadKind()).isEqualTo("Pod");
    assertThat(object.containers()).isEmpty();
  }

  @Test
  void leavesOutWhatHasNoUid() {
    Pod none = new PodBuilder().withNewMetadata().withName("p").endMetadata().build();
    assertThat(PodObject.of(none, "node-1", SETTINGS, LogFilter.STANDARD)).isNull();
  }

  @Test
  void joinsServicesAndNamespaces() {
    ServiceSlice first =
        Objects.requireNonNull(ServiceSlice.of(slice("web", "node-1", "web-1"), "node-1"));
    ServiceSlice second =
        Objects.requireNonNull(ServiceSlice.of(slice("all", "node-1", "web-1"), "node-1"));
    NodePods pods =
        NodePods.join(
            Map.of("shop/web-1", reduced(pod("web-1").build())),
            List.of(first, second, first),
            Map.of("shop", Map.of("team", "blue"), "other", Map.of("team", "red")));
    PodIdentity pod = Objects.requireNonNull(pods.pods().get("uid-of-web-1"));
    assertThat(pod.services()).containsExactly("all", "web");
    assertThat(pod.namespaceLabels()).containsExactly(Map.entry("team", "blue"));
    assertThat(pods.containers()).containsOnlyKeys("1111", "2222");
  }

  @Test
  void keepsNothingOfASliceWithoutPodsOfThisNode() {
    assertThat(ServiceSlice.of(slice("web", "node-2", "web-1"), "node-1")).isNull();
    assertThat(
            ServiceSlice.of(
                new EndpointSliceBuilder().withNewMetadata().endMetadata().build(), "n"))
        .isNull();
  }

  @Test
  void isBounded() {
    Map<String, PodObject> many = new HashMap<>();
    for (int i = 0; i < 1500; i++) {
      many.put("shop/web-" + i, reduced(pod("web-" + i).build()));
    }
    assertThat(NodePods.join(many, List.of(), Map.of()).pods()).hasSize(1000);
  }

  private static Pod mirror(String name, String uid, String owner) {
    return pod(name)
        .editMetadata()
        .addToAnnotations("kubernetes.io/config.mirror", uid)
        .addNewOwnerReference()
        .withKind(owner)
        .withName("x")
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  @Test
  void letsNoPodTakeThePlaceOfAnother() {
    NodePods pods =
        NodePods.join(
            Map.of(
                "shop/a", reduced(mirror("a", "uid-of-web", "Node")),
                "shop/b", reduced(mirror("b", "hash", "ReplicaSet")),
                "shop/web", reduced(pod("web").build())),
            List.of(),
            Map.of());

    assertThat(pods.pods()).containsOnlyKeys("uid-of-a", "uid-of-b", "uid-of-web");
    assertThat(Objects.requireNonNull(pods.pods().get("uid-of-web")).name()).isEqualTo("web");
  }

  @Test
  void takesNoPodOfAnotherNamespaceForOneOfAService() {
    EndpointSlice slice =
        new EndpointSliceBuilder(slice("web", "node-1", "web-1"))
            .editMetadata()
            .withNamespace("other")
            .endMetadata()
            .build();

    assertThat(ServiceSlice.of(slice, "node-1")).isNull();
  }
}
