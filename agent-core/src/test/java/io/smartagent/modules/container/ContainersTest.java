package io.smartagent.modules.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.PodIdentity;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainersTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String UID = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String POD_PATH = "/kubepods/burstable/pod" + UID + "/" + ID;

  @TempDir private Path root;

  private final AtomicLong nanoTime = new AtomicLong();
  private TestModuleContext context = context(ModuleSettings.DEFAULTS);
  private Containers containers = new Containers(context, nanoTime::get);

  @BeforeEach
  void useTheRoot() {
    use(ModuleSettings.DEFAULTS);
  }

  private void use(ModuleSettings settings) {
    context = context(settings);
    containers = new Containers(context, nanoTime::get);
  }

  private TestModuleContext context(ModuleSettings settings) {
    return new TestModuleContext("runtime-files", new LinuxKernel(), String.valueOf(root))
        .with(settings);
  }

  private void put(String fixture, String path) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    try (InputStream content =
        Objects.requireNonNull(
            ContainersTest.class.getResourceAsStream("/modules/container/" + fixture))) {
      Files.write(file, content.readAllBytes());
    }
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private @Nullable ContainerIdentity identify(String path) {
    return containers.identify(CgroupOwner.ofPath(path));
  }

  private static ContainerIdentity inPod(String runtime, @Nullable String image) {
    return new ContainerIdentity(
        ID, runtime, "web", image, UID, "shop-web-0", "shop", false, null, Map.of());
  }

  private static ContainerIdentity with(
      ContainerIdentity base, @Nullable String logPath, Map<String, String> labels) {
    return new ContainerIdentity(
        base.id(),
        base.runtime(),
        base.name(),
        base.image(),
        base.podUid(),
        base.podName(),
        base.podNamespace(),
        base.sandbox(),
        logPath,
        labels);
  }

  private static ContainerIdentity sandboxOf(
      String runtime,
      @Nullable String image,
      @Nullable String logPath,
      Map<String, String> labels) {
    return new ContainerIdentity(
        ID, runtime, null, image, UID, "shop-web-0", "shop", true, logPath, labels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/docker/containers",
        "/var/lib/docker/231072.231072/containers",
        "/var/snap/docker/common/var-lib-docker/containers"
      })
  void readsDockersContainers(String directory) throws IOException {
    put("docker.config.v2.json", directory + "/" + ID + "/config.v2.json");

    assertThat(identify("/docker/" + ID))
        .isEqualTo(
            new ContainerIdentity(
                ID,
                "docker",
                "shop-web",
                "registry.example/shop/web:1.4",
                null,
                null,
                null,
                false,
                "/var/lib/docker/containers/" + ID + "/" + ID + "-json.log",
                Map.of("com.docker.compose.project", "shop", "team", "blue")));
  }

  @Test
  void findsDockersDataRootWhereItIsConfigured() throws IOException {
    write("/etc/docker/daemon.json", "{\"log-level\":\"warn\",\"data-root\":\"/data/docker\"}");
    put("docker.config.v2.json", "/data/docker/containers/" + ID + "/config.v2.json");

    assertThat(identify("/docker/" + ID)).extracting(ContainerIdentity::name).isEqualTo("shop-web");
  }

  @Test
  void readsPodsOfDocker() throws IOException {
    put("docker.pod.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");

    assertThat(identify(POD_PATH))
        .isEqualTo(
            with(
                inPod(
                    "docker",
                    "sha256:537431621c54582cb581161c2e6416ce295391ec99d4ed5b0a0dfdcab0c92ee5"),
                "/var/lib/docker/containers/" + ID + "/" + ID + "-json.log",
                Map.of("maintainer", "shop team")));
  }

  /** In a pod's control group kubelet has put it there, whatever the container is called. */
  @Test
  void believesLabelsThatNameAPodOnlyOfAPodsContainer() throws IOException {
    put("docker.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");

    assertThat(identify(POD_PATH))
        .extracting(ContainerIdentity::podName)
        .isEqualTo("claimed-by-the-image");
    useTheRoot();
    assertThat(identify("/docker/" + ID)).extracting(ContainerIdentity::podName).isNull();
  }

  @Test
  void recognisesDockersSandboxes() throws IOException {
    put("docker.sandbox.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");

    assertThat(identify(POD_PATH))
        .isEqualTo(
            sandboxOf(
                "docker",
                "registry.k8s.io/pause:3.9",
                "/var/lib/docker/containers/" + ID + "/" + ID + "-json.log",
                Map.of("app", "shop-web")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/containerd",
        "/run/k3s/containerd",
        "/run/k0s/containerd",
        "/var/snap/microk8s/common/run/containerd"
      })
  void readsContainerdsBundles(String state) throws IOException {
    put(
        "containerd.config.json",
        state + "/io.containerd.runtime.v2.task/k8s.io/" + ID + "/config.json");

    assertThat(identify(POD_PATH)).isEqualTo(inPod("containerd", "registry.example/shop/web:1.4"));
  }

  @Test
  void recognisesContainerdsSandboxes() throws IOException {
    put(
        "containerd.sandbox.config.json",
        "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + ID + "/config.json");

    assertThat(identify(POD_PATH)).isEqualTo(sandboxOf("containerd", null, null, Map.of()));
  }

  @Test
  void takesFromKubeletsDirectoriesWhatAnOldContainerdDoesNotSay() throws IOException {
    put(
        "containerd-1.2.config.json",
        "/run/containerd/io.containerd.runtime.v1.linux/k8s.io/" + ID + "/config.json");
    makeKubeletsLogs();

    assertThat(identify(POD_PATH))
        .isEqualTo(
            with(
                inPod("containerd", null),
                "/var/log/pods/shop_shop-web-0_" + UID + "/web/0.log",
                Map.of()));
  }

  @Test
  void readsNerdctlsContainers() throws IOException {
    put(
        "nerdctl.config.json",
        "/run/containerd/io.containerd.runtime.v2.task/default/" + ID + "/config.json");

    assertThat(identify("/default/" + ID))
        .isEqualTo(
            new ContainerIdentity(
                ID,
                "containerd",
                "shop-db",
                null,
                null,
                null,
                null,
                false,
                null,
                Map.of("org.example.team", "blue")));
  }

  @Test
  void readsCrioContainers() throws IOException {
    put(
        "cri-o.config.json",
        "/run/containers/storage/overlay-containers/" + ID + "/userdata/config.json");

    assertThat(
            identify(
                "/kubepods.slice/kubepods-pod"
                    + UID.replace('-', '_')
                    + ".slice/crio-"
                    + ID
                    + ".scope"))
        .isEqualTo(
            with(
                inPod("cri-o", "registry.example/shop/web:1.4"),
                "/var/log/pods/shop_shop-web-0_" + UID + "/web/2.log",
                Map.of()));
  }

  @Test
  void recognisesCrioSandboxes() throws IOException {
    put(
        "cri-o.sandbox.config.json",
        "/var/lib/containers/storage/overlay-containers/" + ID + "/userdata/config.json");

    assertThat(identify(POD_PATH))
        .isEqualTo(
            sandboxOf(
                "cri-o",
                "registry.k8s.io/pause:3.9",
                "/var/log/pods/shop_shop-web-0_" + UID + "/" + ID + ".log",
                Map.of("app", "shop-web")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/containers/storage.conf", "/usr/share/containers/storage.conf"})
  void findsTheStorageWhereItIsConfigured(String configuration) throws IOException {
    put("storage.conf", configuration);
    put("podman.containers.json", "/data/containers/vfs-containers/containers.json");
    put("podman.config.json", "/data/containers/vfs-containers/" + ID + "/userdata/config.json");

    assertThat(identify("/machine.slice/libpod-" + ID + ".scope/container"))
        .extracting(ContainerIdentity::name)
        .isEqualTo("shop-cache");
  }

  @Test
  void readsPodmansContainers() throws IOException {
    String directory = "/var/lib/containers/storage/overlay-containers";
    put("podman.containers.json", directory + "/containers.json");
    put("podman.config.json", directory + "/" + ID + "/userdata/config.json");

    assertThat(identify("/libpod_parent/libpod-" + ID))
        .isEqualTo(
            new ContainerIdentity(
                ID,
                "podman",
                "shop-cache",
                "registry.example/shop/cache:2",
                null,
                null,
                null,
                false,
                directory + "/" + ID + "/userdata/ctr.log",
                Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/batch/job one",
        "/batch/job one/child",
        "/../../batch/job one",
        "/system.slice/runc-nightly_job+1.scope"
      })
  void findsABundleOfRuncWhereverItsControlGroupIs(String path) throws IOException {
    put("runc.state.json", "/run/runc/nightly_job+1/state.json");

    CgroupOwner owner = containers.ownerOfPath(path);

    assertThat(owner.containerId()).isEqualTo("nightly_job+1");
    assertThat(owner.runtime()).isEqualTo("runc");
    assertThat(containers.identify(owner))
        .isEqualTo(
            new ContainerIdentity(
                "nightly_job+1",
                "runc",
                "nightly_job+1",
                null,
                null,
                null,
                null,
                false,
                null,
                Map.of("org.example.team", "green")));
  }

  @Test
  void findsABundleByTheFileOfAProcess() throws IOException {
    put("runc.v2.state.json", "/run/runc/reports/state.json");
    put("crun.status", "/run/crun/invoices/status");
    put("crun.config.json", "/run/crun/invoices/config.json");

    assertThat(containers.ownerOfProcess("0::/batch/reports\n").containerId()).isEqualTo("reports");
    assertThat(containers.ownerOfProcess("0::/batch/invoices/deep/down\n").runtime())
        .isEqualTo("crun");
    assertThat(containers.ownerOfProcess("0::/batch/invoices-2\n")).isEqualTo(CgroupOwner.NONE);
    assertThat(containers.ownerOfProcess("4:memory:/docker/" + ID + "\n0::/\n").containerId())
        .isEqualTo(ID);
    assertThat(identify("/user.slice/crun-invoices.scope"))
        .extracting(ContainerIdentity::labels)
        .isEqualTo(Map.of("org.example.team", "green"));
  }

  @Test
  void looksBelowTheRootsThatTheUserHasGiven() throws IOException {
    use(
        ModuleSettings.DEFAULTS.with(
            SharedSettings.CONTAINER_ROOTS,
            new ContainerRoots(
                Map.of(
                    "containerd", List.of("/run/snow/containerd"),
                    "docker", List.of("/data/docker"),
                    "podman", List.of("/data/pods"),
                    "runc", List.of("/run/user/0/runc")))));
    put(
        "containerd.config.json",
        "/run/snow/containerd/io.containerd.runtime.v2.task/k8s.io/" + ID + "/config.json");
    put("runc.state.json", "/run/user/0/runc/nightly_job+1/state.json");

    assertThat(identify(POD_PATH)).isEqualTo(inPod("containerd", "registry.example/shop/web:1.4"));
    assertThat(containers.ownerOfPath("/batch/job one").containerId()).isEqualTo("nightly_job+1");
  }

  @Test
  void knowsTheNamesOfPodsWithoutAnyAccess() throws IOException {
    makeKubeletsLogs();

    assertThat(identify(POD_PATH))
        .isEqualTo(
            new ContainerIdentity(
                ID,
                null,
                "web",
                null,
                UID,
                "shop-web-0",
                "shop",
                false,
                "/var/log/pods/shop_shop-web-0_" + UID + "/web/0.log",
                Map.of()));
    assertThat(context.containers().find(ID)).as("what others may know better").isNull();
  }

  private void knowByKubernetes(Map<String, ContainerIdentity> told) {
    PodIdentity pod =
        new PodIdentity(
            UID, "web-1", "shop", "node-1", null, "Pod", "web-1", List.of(), Map.of(), Map.of(),
            Map.of());
    context.containers().pods().replace(Map.of(UID, pod), told);
  }

  @Test
  void takesTheNamesThatKubernetesSaysWhereNoFileDoes() {
    ContainerIdentity told =
        new ContainerIdentity(
            ID, "containerd", "app", "shop/web:1", UID, "web-1", "shop", false, null, Map.of());
    knowByKubernetes(Map.of(ID, told));
    assertThat(identify(POD_PATH)).isEqualTo(told);
  }

  @Test
  void takesThePodThatKubernetesKnowsWhereItDoesNotNameTheContainer() {
    knowByKubernetes(Map.of());
    ContainerIdentity found = identify(POD_PATH);
    assertThat(found).isNotNull();
    assertThat(found)
        .extracting(ContainerIdentity::name, ContainerIdentity::podName, ContainerIdentity::podUid)
        .containsExactly(null, "web-1", UID);
  }

  private void makeKubeletsLogs() throws IOException {
    Files.createDirectories(root.resolve("var/log/pods/shop_shop-web-0_" + UID + "/web"));
    Files.createDirectories(root.resolve("var/log/containers"));
    Files.createSymbolicLink(
        root.resolve("var/log/containers/shop-web-0_shop_web-" + ID + ".log"),
        Path.of("/var/log/pods/shop_shop-web-0_" + UID + "/web/0.log"));
  }

  @Test
  void believesAnotherModuleFirst() throws IOException {
    put("docker.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");
    ContainerIdentity told = inPod("containerd", "told");
    context.containers().learn(told);

    assertThat(identify(POD_PATH)).isEqualTo(told);
    assertThat(containers.read(CgroupOwner.ofPath("/docker/" + ID)))
        .as("asked for what is true now")
        .extracting(ContainerIdentity::runtime)
        .isEqualTo("docker");
    assertThat(identify(POD_PATH)).extracting(ContainerIdentity::runtime).isEqualTo("docker");
  }

  @Test
  void tellsOtherModulesWhatItRead() throws IOException {
    put("docker.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");

    ContainerIdentity read = identify("/docker/" + ID);

    assertThat(context.containers().find(ID)).isNotNull().isEqualTo(read);
  }

  @Test
  void asksAgainAfterAFewSecondsWhereNothingWasFound() throws IOException {
    assertThat(identify("/docker/" + ID)).isNull();
    put("docker.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");
    assertThat(identify("/docker/" + ID)).isNull();

    nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());

    assertThat(identify("/docker/" + ID)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{\"ID\":7}", "{\"ID\":\"other\",\"Name\":\"/x\"}", "\0\0"})
  void findsNothingInAFileThatSaysNothing(String content) throws IOException {
    write("/var/lib/docker/containers/" + ID + "/config.v2.json", content);
    write("/run/runc/job/state.json", content);
    write("/run/crun/job/status", content);
    write("/var/lib/containers/storage/overlay-containers/containers.json", content);

    assertThat(identify("/docker/" + ID)).isNull();
    assertThat(containers.ownerOfPath("/job")).isEqualTo(CgroupOwner.NONE);
  }

  @Test
  void readsNoFileThatIsLargerThanAnyRuntimeWouldWriteIt() throws IOException {
    write(
        "/var/lib/docker/containers/" + ID + "/config.v2.json",
        "{\"ID\":\"" + ID + "\",\"x\":\"" + "y".repeat(50 << 20) + "\"}");

    assertThat(identify("/docker/" + ID)).isNull();
  }

  @Test
  void followsNoLinkOutOfTheHostsRoot(@TempDir Path outside) throws IOException {
    Path secret = outside.resolve("config.v2.json");
    Files.writeString(secret, "{\"ID\":\"" + ID + "\",\"Name\":\"/secret\"}");
    Path directory = root.resolve("var/lib/docker/containers").resolve(ID);
    Files.createDirectories(directory);
    Path link = Files.createSymbolicLink(directory.resolve("config.v2.json"), secret);

    assertThat(identify("/docker/" + ID)).isNull();

    Files.delete(link);
  }

  @Test
  void cutsWhatAHostileImageSays() throws IOException {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      labels.append(i == 0 ? "" : ",").append("\"l").append(i).append("\":\"a\\nb\"");
    }
    write(
        "/var/lib/docker/containers/" + ID + "/config.v2.json",
        "{\"ID\":\""
            + ID
            + "\",\"Name\":\"/"
            + "n".repeat(5000)
            + "\",\"Config\":{\"Labels\":{"
            + labels
            + "}}}");

    ContainerIdentity container = Objects.requireNonNull(identify("/docker/" + ID));

    assertThat(container.name()).hasSizeLessThan(600);
    assertThat(container.labels()).hasSize(64);
  }

  @Test
  void neverRemembersAnEnvironment() throws IOException {
    put("docker.config.v2.json", "/var/lib/docker/containers/" + ID + "/config.v2.json");
    put(
        "podman.config.json",
        "/var/lib/containers/storage/overlay-containers/" + ID + "/userdata/config.json");

    assertThat(String.valueOf(identify("/docker/" + ID))).doesNotContain("geheim");
    useTheRoot();
    assertThat(String.valueOf(identify("/libpod_parent/libpod-" + ID))).doesNotContain("geheim");
  }

  @Test
  void asksForNoFileBesideTheContainers() {
    assertThat(
            containers.identify(new CgroupOwner(CgroupLevel.CONTAINER, "../../../x", null, null)))
        .isNull();
    assertThat(containers.identify(CgroupOwner.NONE)).isNull();
  }
}
