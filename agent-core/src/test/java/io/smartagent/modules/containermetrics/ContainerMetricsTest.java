package io.smartagent.modules.containermetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.TestModuleContext.Happening;
import io.smartagent.modules.containermetrics.SimulatedHost.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContainerMetricsTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String OTHER =
      "aaaabbbbccccddddeeeeffff00001111aaaabbbbccccddddeeeeffff00001111";
  private static final String UID = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String POD = "/kubepods/burstable/pod" + UID + "/";
  private static final String DOCKER = "/docker/" + ID;

  @TempDir private Path root;

  private SimulatedHost host(Layout layout) throws IOException {
    return new SimulatedHost(root, layout);
  }

  private TestModuleContext context(String source) {
    return new TestModuleContext(source, new LinuxKernel(), root.toString());
  }

  private TestModuleContext run(Happening... happenings) throws Exception {
    TestModuleContext context = context(ContainerMetricsDefinition.RUNTIME_FILES);
    for (Happening happening : happenings) {
      context.then(happening);
    }
    return context.run(new ContainerMetrics());
  }

  /** The value of a container that nothing but its id is known of. */
  private static @Nullable Double nameless(
      TestModuleContext context, String metric, String... more) {
    String[] labels = new String[6 + more.length];
    Arrays.fill(labels, "");
    labels[1] = ID;
    System.arraycopy(more, 0, labels, 6, more.length);
    return value(context, metric, labels);
  }

  /** Labels are compared in the order of their names. */
  private static @Nullable Double value(
      TestModuleContext context, String metric, String... labels) {
    return context.value(metric, labels);
  }

  @ParameterizedTest
  @EnumSource
  void measuresWhatTheControlGroupsCount(Layout layout) throws Exception {
    SimulatedHost host = host(layout);
    host.group(DOCKER, 100, 101);
    host.work(DOCKER);
    host.group(DOCKER + "/payload", 102);

    TestModuleContext context = run();

    assertThat(nameless(context, "container_cpu_usage_seconds_total")).isEqualTo(5.0);
    assertThat(nameless(context, "container_cpu_user_seconds_total")).isEqualTo(3.0);
    assertThat(nameless(context, "container_cpu_system_seconds_total")).isEqualTo(2.0);
    assertThat(nameless(context, "container_cpu_cfs_periods_total")).isEqualTo(100);
    assertThat(nameless(context, "container_cpu_cfs_throttled_periods_total")).isEqualTo(40);
    assertThat(nameless(context, "container_cpu_cfs_throttled_seconds_total")).isEqualTo(2.5);
    assertThat(nameless(context, "container_spec_cpu_quota")).isEqualTo(20_000);
    assertThat(nameless(context, "container_spec_cpu_period")).isEqualTo(100_000);
    assertThat(nameless(context, "container_memory_usage_bytes")).isEqualTo(10_485_760);
    assertThat(nameless(context, "container_memory_working_set_bytes")).isEqualTo(7_340_032);
    assertThat(nameless(context, "container_memory_rss")).isEqualTo(6_291_456);
    assertThat(nameless(context, "container_memory_cache")).isEqualTo(4_194_304);
    assertThat(nameless(context, "container_spec_memory_limit_bytes")).isEqualTo(67_108_864);
    assertThat(nameless(context, "container_oom_events_total")).isEqualTo(2);
    assertThat(nameless(context, "container_processes")).isEqualTo(3);
    assertThat(nameless(context, "container_threads")).isEqualTo(6);
    assertThat(nameless(context, "container_threads_max")).isZero();
    assertThat(nameless(context, "container_start_time_seconds")).isNotNull();
    assertThat(device(context, "container_fs_reads_bytes_total")).isEqualTo(4096);
    assertThat(device(context, "container_fs_writes_bytes_total")).isEqualTo(8192);
    assertThat(device(context, "container_fs_reads_total")).isEqualTo(1);
    assertThat(device(context, "container_fs_writes_total")).isEqualTo(2);
    assertThat(value(context, "smartagent_containers", "docker", "running")).isEqualTo(1);
    assertThat(value(context, "smartagent_containers_truncated")).isZero();
    assertThat(context.lastObserved())
        .startsWith("1 container of docker, control groups version ")
        .endsWith(
            switch (layout) {
              case VERSION_1 -> " 1";
              case VERSION_2 -> " 2";
              case HYBRID -> " 1 and 2";
            });
  }

  private static @Nullable Double device(TestModuleContext context, String metric) {
    return value(context, metric, "", "254:0", ID, "", "", "", "");
  }

  /** Newer kernels' throttling layer counts nothing where there is no limit. */
  @Test
  void asksTheSchedulerWhereTheThrottlingLayerHasNotCounted() throws Exception {
    SimulatedHost host = host(Layout.VERSION_1);
    host.group(DOCKER, 100);
    host.control(DOCKER, "blkio.throttle.io_service_bytes_recursive", "Total 0\n");
    host.control(DOCKER, "blkio.bfq.io_service_bytes_recursive", "254:0 Write 512\nTotal 512\n");

    assertThat(device(run(), "container_fs_writes_bytes_total")).isEqualTo(512);
  }

  @Test
  void namesDevicesAsTheHostDoes() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);
    host.work(DOCKER);
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(
        root.resolve("sys/dev/block/254:0"), Path.of("../../devices/virtio1/block/vda"));

    assertThat(value(run(), "container_fs_reads_total", "", "/dev/vda", ID, "", "", "", ""))
        .isEqualTo(1);
  }

  @Test
  void saysNothingOfWhatTheKernelDoesNotCount() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);
    host.control(DOCKER, "cpu.stat", "usage_usec 7\nuser_usec x\n");
    host.control(DOCKER, "cpu.max", "max 100000\n");
    host.control(DOCKER, "memory.max", "max\n");
    host.control(DOCKER, "memory.current", "garbage\n");
    host.control(DOCKER, "io.stat", "\n8:0\nx:y rbytes=1\n8:16 rbytes=zero\n");

    TestModuleContext context = run();

    assertThat(nameless(context, "container_cpu_usage_seconds_total")).isEqualTo(7e-6);
    assertThat(nameless(context, "container_cpu_user_seconds_total")).isNull();
    assertThat(nameless(context, "container_cpu_cfs_periods_total")).isNull();
    assertThat(nameless(context, "container_spec_cpu_quota")).isNull();
    assertThat(nameless(context, "container_spec_memory_limit_bytes")).isZero();
    assertThat(nameless(context, "container_memory_usage_bytes")).isNull();
    assertThat(nameless(context, "container_memory_working_set_bytes")).isNull();
  }

  /** Without a limit the kernel tells one that no machine has the memory for. */
  @Test
  void showsNoLimitAsZeroInVersion1() throws Exception {
    SimulatedHost host = host(Layout.VERSION_1);
    host.group(DOCKER, 100);
    host.control(DOCKER, "memory.limit_in_bytes", "9223372036854771712\n");
    host.control(DOCKER, "cpu.cfs_quota_us", "-1\n");
    host.control(DOCKER, "pids.max", "max\n");

    TestModuleContext context = run();

    assertThat(nameless(context, "container_spec_memory_limit_bytes")).isZero();
    assertThat(nameless(context, "container_spec_cpu_quota")).isNull();
    assertThat(nameless(context, "container_threads_max")).isZero();
  }

  @Test
  void labelsAPodsContainersAsKubeletNamesThem() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(POD + ID, 100);
    host.work(POD + ID);
    describeInContainerd(host, ID, "container");

    TestModuleContext context = run();

    assertThat(
            value(
                context,
                "container_memory_rss",
                "web",
                ID,
                "shop/web:1.4",
                "",
                "shop",
                "shop-web-0"))
        .isEqualTo(6_291_456);
    Event found = context.events().getFirst();
    assertThat(found.type().name()).isEqualTo("ContainerFound");
    assertThat(found.attributes())
        .containsEntry("containerId", ID)
        .containsEntry("containerName", "web")
        .containsEntry("containerRuntime", "containerd")
        .containsEntry("image", "shop/web:1.4")
        .containsEntry("podUid", UID)
        .containsEntry("podName", "shop-web-0")
        .containsEntry("podNamespace", "shop")
        .containsEntry("state", "running")
        .containsEntry("sandbox", false)
        .containsEntry("labels", Map.of());
    assertThat(context.containers().find(ID)).isNotNull();
  }

  private static void describeInContainerd(SimulatedHost host, String id, String type)
      throws IOException {
    host.write(
        "run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id + "/config.json",
        "{\"annotations\":{\"io.kubernetes.cri.container-type\":\""
            + type
            + "\","
            + (type.equals("container")
                ? "\"io.kubernetes.cri.container-name\":\"web\","
                    + "\"io.kubernetes.cri.image-name\":\"shop/web:1.4\","
                : "")
            + "\"io.kubernetes.cri.sandbox-name\":\"shop-web-0\","
            + "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"}}");
  }

  @Test
  void readsNoRuntimesFilesWithoutTheSourceForIt() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(POD + ID, 100);
    host.write("var/lib/docker/containers/" + OTHER + "/config.v2.json", docker("exited"));
    TestModuleContext context = context(ContainerMetricsDefinition.CGROUPS);
    context
        .containers()
        .learn(
            new ContainerIdentity(ID, "cri-o", "told", null, UID, "p", "n", false, null, Map.of()));

    context.run(new ContainerMetrics());

    assertThat(context.events())
        .singleElement()
        .extracting(event -> event.attributes().get("containerName"))
        .isEqualTo("told");
    assertThat(value(context, "smartagent_containers", "cri-o", "running")).isEqualTo(1);
    assertThat(value(context, "smartagent_containers", "docker", "exited")).isNull();
  }

  private static String docker(String state) {
    return switch (state) {
      case "exited" ->
          "{\"ID\":\""
              + OTHER
              + "\",\"Name\":\"/old\",\"State\":{\"Running\":false,"
              + "\"StartedAt\":\"2026-11-21T22:57:45.855979857Z\"}}";
      default ->
          "{\"ID\":\""
              + OTHER
              + "\",\"Name\":\"/new\",\"State\":{\"Running\":false,"
              + "\"StartedAt\":\"0001-01-01T00:00:00Z\"}}";
    };
  }

  @Test
  void showsTheStateOfDockersContainersThatDoNotRun() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.write("var/lib/docker/containers/" + OTHER + "/config.v2.json", docker("exited"));

    TestModuleContext context = run();

    assertThat(value(context, "smartagent_container_state", "", OTHER, "", "old", "", "", "exited"))
        .isEqualTo(1);
    assertThat(value(context, "smartagent_containers", "docker", "exited")).isEqualTo(1);
    assertThat(context.events()).isEmpty();
  }

  /** Whoever moves Docker's data often leaves the old ones where they were. */
  @Test
  void showsAContainerOnceThatIsInTwoDataRoots() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.write("etc/docker/daemon.json", "{\"data-root\":\"/data/docker\"}");
    host.write("data/docker/containers/" + OTHER + "/config.v2.json", docker("created"));
    host.write("var/lib/docker/containers/" + OTHER + "/config.v2.json", docker("exited"));

    TestModuleContext context = run();

    assertThat(
            value(context, "smartagent_container_state", "", OTHER, "", "new", "", "", "created"))
        .isEqualTo(1);
    assertThat(value(context, "smartagent_containers", "docker", "created")).isEqualTo(1);
    assertThat(value(context, "smartagent_containers", "docker", "exited")).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void showsThatAContainerIsPaused(Layout layout) throws Exception {
    SimulatedHost host = host(layout);
    host.group(DOCKER, 100);
    host.work(DOCKER);
    if (layout == Layout.VERSION_2) {
      host.control(DOCKER, "cgroup.events", "populated 1\nfrozen 1\n");
    } else {
      host.control(DOCKER, "freezer.state", "FROZEN\n");
    }

    assertThat(nameless(run(), "smartagent_container_state", "paused")).isEqualTo(1);
  }

  @Test
  void tellsStartsEndsAndRestarts() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);

    TestModuleContext context =
        run(
            () -> host.group("/docker/" + OTHER, 200),
            () -> {
              host.end(DOCKER, 100);
              host.group(DOCKER, 300);
            },
            () -> host.end("/docker/" + OTHER, 200),
            () -> {});

    assertThat(context.events())
        .extracting(event -> event.type().name() + " " + event.attributes().get("containerId"))
        .containsExactly(
            "ContainerFound " + ID,
            "ContainerStarted " + OTHER,
            "ContainerEnded " + ID,
            "ContainerStarted " + ID,
            "ContainerEnded " + OTHER);
    assertThat(context.events().getLast().attributes()).containsEntry("state", "exited");
  }

  @Test
  void goesOnWhereProcessesOfAContainerComeAndGo() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100, 101);

    TestModuleContext context =
        run(
            () -> host.group(DOCKER, 100, 102),
            () -> host.control(DOCKER, "cgroup.procs", "100\n4000000\n"));

    assertThat(context.events()).hasSize(1);
    assertThat(nameless(context, "container_processes")).isEqualTo(2);
  }

  @Test
  void leavesOutGroupsThatNobodyIsIn() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER);
    host.group("/system.slice/docker-" + OTHER + ".scope", 100);
    host.group("/machine.slice/libpod-conmon-" + ID + ".scope", 101);
    host.group("/user.slice/session-1.scope", 102);

    TestModuleContext context = run();

    assertThat(context.events())
        .singleElement()
        .extracting(event -> event.attributes().get("containerId"))
        .isEqualTo(OTHER);
  }

  @Test
  void findsContainersInContainers() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group("/docker/" + OTHER, 100);
    host.group("/docker/" + OTHER + "/kubelet" + POD + ID, 101);
    // It says that it is the other one, but that one's own group is further up.
    host.group("/docker/" + OTHER + "/kubelet" + POD + ID + "/docker-" + OTHER + ".scope", 102);

    TestModuleContext context = run();

    assertThat(value(context, "container_processes", "", OTHER, "", "", "", ""))
        .as("with those of the containers in it")
        .isEqualTo(3);
    assertThat(nameless(context, "container_processes")).isEqualTo(2);
    assertThat(context.lastObserved()).contains("1 pod");
  }

  @Test
  void findsABareBundleWhereverItsGroupIs() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group("/batch/nightly", 100);
    host.write(
        "run/runc/nightly/state.json",
        "{\"id\":\"nightly\",\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/batch/nightly\"},"
            + "\"config\":{\"labels\":[\"team=blue\",\"bundle=/srv/nightly\"]}}");

    TestModuleContext context = run();

    assertThat(value(context, "container_processes", "", "nightly", "", "nightly", "", ""))
        .isEqualTo(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("containerRuntime", "runc")
        .containsEntry("labels", Map.of("team", "blue"));
  }

  @Test
  void showsTheNetworkOfAPodOnceByItsSandbox() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(POD + ID, 100);
    host.group(POD + OTHER, 101);
    describeInContainerd(host, ID, "container");
    describeInContainerd(host, OTHER, "sandbox");
    host.network(101, "eth0");
    host.sameNetwork(100, 101);

    TestModuleContext context = run();

    assertThat(
            value(
                context,
                "container_network_receive_bytes_total",
                "",
                OTHER,
                "",
                "eth0",
                "",
                "shop",
                "shop-web-0"))
        .isEqualTo(1000);
    assertThat(
            value(
                context,
                "container_network_transmit_packets_dropped_total",
                "",
                OTHER,
                "",
                "eth0",
                "",
                "shop",
                "shop-web-0"))
        .isEqualTo(4);
    assertThat(
            value(
                context,
                "container_network_receive_bytes_total",
                "web",
                ID,
                "shop/web:1.4",
                "eth0",
                "",
                "shop",
                "shop-web-0"))
        .isNull();
  }

  @Test
  void showsNoNetworkOfAContainerThatUsesTheHosts() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);
    host.network(1, "eth0");
    host.sameNetwork(100, 1);

    assertThat(
            value(run(), "container_network_receive_bytes_total", "", ID, "", "eth0", "", "", ""))
        .isNull();
  }

  @Test
  void boundsWhatOneContainerShows() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);
    String[] interfaces = new String[50];
    StringBuilder devices = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      interfaces[i] = "eth" + i;
      devices.append("8:").append(i).append(" rbytes=1 wbytes=1 rios=1 wios=1\n");
    }
    host.network(100, interfaces);
    host.control(DOCKER, "io.stat", devices.toString());

    TestModuleContext context = run();

    assertThat(value(context, "smartagent_container_interfaces_truncated")).isEqualTo(42);
    assertThat(value(context, "smartagent_container_devices_truncated")).isEqualTo(42);
  }

  @Test
  void survivesInterfacesWhoseNamesAreTheSameInUtf8() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100);
    host.network(100, "a", "b", "c\":,{}");
    Path file = root.resolve("proc/100/net/dev");
    byte[] text = Files.readAllBytes(file);
    for (int i = 0; i < text.length - 1; i++) {
      if (text[i] == ' ' && (text[i + 1] == 'a' || text[i + 1] == 'b') && text[i + 2] == ':') {
        text[i + 1] = (byte) (text[i + 1] == 'a' ? 0xfe : 0xff);
      }
    }
    Files.write(file, text);

    TestModuleContext context = run();

    assertThat(value(context, "smartagent_container_interfaces_truncated")).isEqualTo(1);
    assertThat(
            value(
                context,
                "container_network_receive_bytes_total",
                "",
                ID,
                "",
                "c\":,{}",
                "",
                "",
                ""))
        .isEqualTo(1000);
  }

  @Test
  void showsAThousandContainersAndCountsTheOthers() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    for (int i = 0; i < 1010; i++) {
      host.group(ManyContainers.group(i), 1000 + i);
    }

    TestModuleContext context = run();

    assertThat(value(context, "smartagent_containers", "", "running")).isEqualTo(1000);
    assertThat(value(context, "smartagent_containers_truncated")).isEqualTo(10);
    assertThat(context.events()).hasSize(1000);
  }

  /** A container that may make control groups makes very many. */
  @Test
  void isNotKeptFromOthersByOneContainersGroups() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group("/docker/" + OTHER, 100);
    for (int i = 0; i < 1500; i++) {
      host.group("/docker/" + OTHER + "/a" + i + "/b");
    }
    host.group("/machine.slice/x/y/z/libpod-" + ID + ".scope", 101);

    assertThat(nameless(run(), "container_processes")).isEqualTo(1);
  }

  /** Without the host's pids cgroup.procs has no numbers that mean anything. */
  @Test
  void asksEveryProcessWhereItIsInAnotherPidNamespace() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100, 101);
    host.control(DOCKER, "cgroup.procs", "0\n0\n");
    Files.delete(root.resolve("proc/self/fd"));
    Files.delete(root.resolve("proc/self"));
    Path self = Files.createSymbolicLink(root.resolve("proc/self"), Path.of("4194304"));

    TestModuleContext context = run();
    Files.delete(self);

    assertThat(nameless(context, "container_processes")).isEqualTo(2);
    assertThat(nameless(context, "container_start_time_seconds")).isNotNull();
  }

  @Test
  void countsDescriptorsByTheSizeOfTheirDirectory() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100, 101);
    long size = Files.size(root.resolve("proc/100/fd"));

    assertThat(nameless(run(), "container_file_descriptors")).isEqualTo(2.0 * size);
  }

  @Test
  void listsDescriptorsOnKernelsBefore62() throws Exception {
    SimulatedHost host = host(Layout.VERSION_2);
    host.group(DOCKER, 100, 101);
    Files.delete(root.resolve("proc/self/fd"));
    host.write("proc/100/status", "Name:\tworker\nFDSize:\t64\n");
    host.write("proc/101/status", "Name:\tworker\nFDSize:\t1048576\n");

    assertThat(nameless(run(), "container_file_descriptors"))
        .as("a table that large is not listed")
        .isEqualTo(3);
  }

  @Test
  void failsWithAMessageWhereThereAreNoControlGroups() throws IOException {
    new SimulatedHost(root, Layout.HYBRID);
    Path empty = root.resolve("empty");
    Files.createDirectories(empty.resolve("sys/fs/cgroup"));
    Files.createDirectories(empty.resolve("proc"));
    Files.write(
        empty.resolve("proc/uptime"), "1000.00 1500.00\n".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() ->
            new TestModuleContext(
                    ContainerMetricsDefinition.CGROUPS, new LinuxKernel(), empty.toString())
                .run(new ContainerMetrics()))
        .hasMessageContaining("control group controller")
        .hasMessageContaining("/sys/fs/cgroup");
  }

  @Test
  void measuresThisMachine() throws Exception {
    TestModuleContext context =
        new TestModuleContext(ContainerMetricsDefinition.CGROUPS, new LinuxKernel(), "");
    context.run(new ContainerMetrics());

    assertThat(context.lastObserved()).contains("control groups version");
    assertThat(context.events())
        .allMatch(event -> List.of("ContainerFound").contains(event.type().name()));
  }
}
