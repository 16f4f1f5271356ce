package io.smartagent.modules.networkinterfaces;

import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.needs.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real network namespaces, whose processes have the control groups of containers in a procfs that
 * consists of links to the real one. What ip(8) is told to make has to be found.
 */
final class NetworkInterfacesTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String OTHER_ID = ID.replace("3f1c", "aaaa");
  private static final String POD = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String BRIDGE = "sa-t-br";
  private static final String HERE = "sa-t-veth";

  private final LinuxKernel kernel = new LinuxKernel();
  private final List<Process> processes = new ArrayList<>();

  @TempDir private Path root;

  @BeforeEach
  void makeAHost() throws Exception {
    CapabilitySet had = kernel.capabilities().read().effective();
    assumeTrue(
        had.containsAll(CapabilitySet.of(CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_SYS_PTRACE)),
        "skipped: the tests run without the capabilities that they take away");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")),
        "skipped: the program ip is not installed");
    Files.createDirectories(root.resolve("proc"));
    link("proc/self", "/proc/self");
    link("proc/thread-self", "/proc/thread-self");
    show(1, "0::/init.scope\n");
  }

  @AfterEach
  void endEverything() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    run("ip", "link", "del", HERE);
    run("ip", "link", "del", BRIDGE);
    // JUnit complains of links that lead out.
    run("find", root.toString(), "-type", "l", "-delete");
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
  }

  /** Shows a process of the machine with another control group. */
  private void show(long pid, String cgroup) throws IOException {
    String directory = "proc/" + pid;
    Files.createDirectories(root.resolve(directory));
    for (String name : List.of("net", "ns", "stat")) {
      link(directory + "/" + name, "/" + directory + "/" + name);
    }
    Files.writeString(root.resolve(directory + "/cgroup"), cgroup);
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static void ip(String arguments) throws Exception {
    assertThat(run(("ip " + arguments).split(" ", -1))).as("ip " + arguments).isEmpty();
  }

  private static void inside(Process process, String arguments) throws Exception {
    String command = "nsenter -t " + process.pid() + " -n ip " + arguments;
    assertThat(run(command.split(" ", -1))).as(command).isEmpty();
  }

  /** Starts a process in a network namespace of its own. */
  private Process namespace(String cgroup) throws Exception {
    return start(cgroup, "unshare", "-n", "sh", "-c", "echo; exec sleep 600");
  }

  private Process start(String cgroup, String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    assertThat(process.getInputStream().read()).isEqualTo('\n');
    show(process.pid(), cgroup);
    return process;
  }

  private static String docker(String id) {
    return "0::/system.slice/docker-" + id + ".scope\n";
  }

  private static String pod(String id) {
    return "0::/kubepods/burstable/pod" + POD + "/" + id + "\n";
  }

  /** Makes a container that is connected to a bridge. */
  private Process connected() throws Exception {
    Process container = namespace(docker(ID));
    ip("link add " + BRIDGE + " type bridge");
    ip("link set " + BRIDGE + " up");
    ip("link add " + HERE + " mtu 1432 type veth peer name sa-t-there");
    ip("link set " + HERE + " master " + BRIDGE + " up");
    ip("link set sa-t-there netns " + container.pid() + " name eth0");
    inside(container, "link set lo up");
    inside(container, "link set eth0 address 02:00:5e:10:00:01 mtu 1400 up");
    inside(container, "addr add 198.51.100.2/28 dev eth0");
    inside(container, "addr add 2001:db8::2/64 dev eth0 nodad");
    return container;
  }

  private TestModuleContext context(String source) {
    return new TestModuleContext(source, kernel, root.toString());
  }

  /** Runs the module with nothing but these capabilities. */
  private static TestModuleContext run(TestModuleContext context, CapabilitySet capabilities)
      throws Exception {
    FutureTask<TestModuleContext> task =
        new FutureTask<>(() -> {
          context.kernel().capabilities().set(capabilities, capabilities, CapabilitySet.NONE);
          return context.run(new NetworkInterfaces());
        });
    Thread.ofPlatform().start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception exception ? exception : e;
    }
  }

  private static CapabilitySet of(String source) {
    return new NetworkInterfacesDefinition()
        .needs().sources().stream()
            .filter(each -> each.name().equals(source))
            .map(Source::capabilities)
            .findFirst()
            .orElseThrow();
  }

  private TestModuleContext run(String source) throws Exception {
    return run(context(source), of(source));
  }

  /** Returns the values in the order of the labels' names. */
  private static String[] labels(
      String name, String container, String pod, String namespace, String host) {
    return new String[] {container, host, name, namespace, pod};
  }

  private static Map<String, @Nullable Object> attributes(
      TestModuleContext context, String scope, String name) {
    List<Event> events =
        context.events().stream()
            .filter(event ->
                event.type().name().equals("NetworkInterfaceFound")
                    && scope.equals(event.attributes().get("scope"))
                    && name.equals(event.attributes().get("interface")))
            .toList();
    assertThat(events).as("events of %s in %s", name, context.events()).hasSize(1);
    return events.getFirst().attributes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "setns"})
  void showsAContainersInterfaceAndItsOtherEnd(String source) throws Exception {
    connected();

    TestModuleContext context = run(source);

    assertThat(attributes(context, "container", "eth0"))
        .containsEntry("kind", "veth")
        .containsEntry("mac", "02:00:5e:10:00:01")
        .containsEntry("mtu", 1400L)
        .containsEntry("state", "up")
        .containsEntry("hostInterface", HERE)
        .containsEntry("bridge", BRIDGE)
        .containsEntry("containerId", ID)
        .containsEntry("containerRuntime", "docker")
        .hasEntrySatisfying(
            "addresses",
            addresses ->
                assertThat(addresses)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .startsWith("198.51.100.2/28", "2001:db8::2/64"));
    assertThat(attributes(context, "container", "lo"))
        .containsEntry("addresses", List.of("127.0.0.1/8", "::1/128"))
        .containsEntry("hostInterface", null);
    assertThat(attributes(context, "host", HERE))
        .containsEntry("mtu", 1432L)
        .containsEntry("master", BRIDGE)
        .containsEntry("bridge", BRIDGE)
        .containsEntry("hostInterface", null)
        .containsEntry("containerId", null);
    String[] labels = labels("eth0", ID.substring(0, 12), "", "", HERE);
    assertThat(context.value("smartagent_network_interface_up", labels)).isEqualTo(1);
    assertThat(context.value("smartagent_network_interface_mtu_bytes", labels)).isEqualTo(1400);
    assertThat(context.value("smartagent_network_interface_receive_bytes_total", labels))
        .isNotNull();
    assertThat(context.value("smartagent_network_namespaces", "container")).isEqualTo(1);
    assertThat(context.lastDegraded()).isEmpty();
    assertThat(context.lastObserved()).contains(" in 2 network namespaces");
  }

  @Test
  void allSourcesTellTheSameAsFarAsTheyCan() throws Exception {
    connected();
    run("nsenter", "-t", Long.toString(processes.getFirst().pid()), "-n", "true");

    List<Map<String, @Nullable Object>> best = all(run("netlink"));

    assertThat(all(run("setns"))).containsExactlyInAnyOrderElementsOf(best);
    List<Map<String, @Nullable Object>> container =
        best.stream().filter(each -> "container".equals(each.get("scope"))).toList();
    List<Map<String, @Nullable Object>> less = new ArrayList<>();
    for (Map<String, @Nullable Object> each : container) {
      Map<String, @Nullable Object> known = new LinkedHashMap<>(each);
      List.of("kind", "mac", "mtu", "state").forEach(name -> known.put(name, null));
      less.add(known);
    }
    TestModuleContext proc = run("proc");
    assertThat(all(proc).stream().filter(each -> "container".equals(each.get("scope"))))
        .containsExactlyInAnyOrderElementsOf(less);
    assertThat(all(proc).stream().filter(each -> "host".equals(each.get("scope"))))
        .containsExactlyInAnyOrderElementsOf(
            best.stream().filter(each -> "host".equals(each.get("scope"))).toList());
    assertThat(proc.lastDegraded()).isEmpty();
  }

  private static List<Map<String, @Nullable Object>> all(TestModuleContext context) {
    return context.events().stream().<Map<String, @Nullable Object>>map(Event::attributes).toList();
  }

  @Test
  void withoutItsCapabilityASourceShowsTheHostAndSaysWhatIsMissing() throws Exception {
    connected();

    TestModuleContext netlink = run(context("netlink"), CapabilitySet.NONE);
    assertThat(netlink.lastDegraded()).contains("RTM_", "could not be read");
    assertThat(netlink.value("smartagent_network_namespaces_unreadable")).isEqualTo(1);
    attributes(netlink, "host", HERE);
    for (Capability missing : List.of(CAP_SYS_ADMIN, CAP_SYS_PTRACE)) {
      CapabilitySet rest = of("setns").minus(CapabilitySet.of(missing));
      TestModuleContext setns = run(context("setns"), rest);
      assertThat(setns.lastDegraded()).as("without %s", missing).contains("could not be read");
      assertThat(all(setns)).noneMatch(each -> "container".equals(each.get("scope")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "setns"})
  void tellsWhatChangesAndWhatGoes(String source) throws Exception {
    Process container = connected();
    TestModuleContext context =
        context(source)
            .then(() -> {})
            .then(() -> {
              inside(container, "link set eth0 mtu 1300");
              inside(container, "addr add 198.51.100.3/28 dev eth0");
            })
            .then(() -> ip("link set " + HERE + " nomaster"))
            .then(() -> {
              container.destroyForcibly().waitFor();
              // Docker does so too; the kernel destroys a namespace's own when it comes to it.
              run("ip", "link", "del", HERE);
            });

    run(context, of(source));

    List<Event> events =
        context.events().stream()
            .filter(event -> "eth0".equals(event.attributes().get("interface")))
            .filter(event -> "container".equals(event.attributes().get("scope")))
            .toList();
    assertThat(events)
        .extracting(event -> event.type().name())
        .containsExactly(
            "NetworkInterfaceFound",
            "NetworkInterfaceChanged",
            "NetworkInterfaceChanged",
            "NetworkInterfaceRemoved");
    assertThat(events.get(1).attributes())
        .containsEntry("changed", List.of("mtu", "addresses"))
        .containsEntry("mtu", 1300L);
    assertThat(events.get(2).attributes())
        .containsEntry("changed", List.of("bridge"))
        .containsEntry("bridge", null);
    assertThat(events.get(3).attributes()).containsEntry("containerId", ID);
    assertThat(context.value("smartagent_network_namespaces", "container")).isEqualTo(0);
    assertThat(context.lastDegraded()).isEmpty();
  }

  @Test
  void looksOnceAtTheNamespaceOfAPodAndCallsItByItsNames() throws Exception {
    Process pause = namespace(pod(ID));
    start(
        pod(OTHER_ID),
        "nsenter",
        "-t",
        Long.toString(pause.pid()),
        "-n",
        "sh",
        "-c",
        "echo; exec sleep 600");
    inside(pause, "link add dummy0 type bridge");
    TestModuleContext context = context("netlink");
    context
        .containers()
        .learn(
            new ContainerIdentity(
                OTHER_ID,
                "containerd",
                "web",
                "web:1",
                POD,
                "web-0",
                "shop",
                false,
                null,
                Map.of()));

    run(context, of("netlink"));

    assertThat(attributes(context, "container", "dummy0"))
        .containsEntry("containerId", ID)
        .containsEntry("podName", "web-0")
        .containsEntry("podNamespace", "shop");
    assertThat(
            context.value(
                "smartagent_network_interface_up", labels("dummy0", "", "web-0", "shop", "")))
        .isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "setns", "proc"})
  void aContainerWithManyInterfacesIsCut(String source) throws Exception {
    Process container = namespace(docker(ID));
    Path batch = Files.createTempFile("interfaces", ".batch");
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      commands.append("link add d").append(i).append(" type bridge\n");
    }
    for (int i = 0; i < 40; i++) {
      commands.append("addr add 198.51.100.").append(i + 1).append("/32 dev d0\n");
    }
    commands.append("link set d0 up\n");
    Files.writeString(batch, commands);
    run("nsenter", "-t", Long.toString(container.pid()), "-n", "ip", "-batch", batch.toString());
    Files.delete(batch);

    TestModuleContext context = run(source);

    assertThat(all(context).stream().filter(each -> "container".equals(each.get("scope"))))
        .hasSize(Bounds.CONTAINER_INTERFACES);
    assertThat(context.value("smartagent_network_interfaces_truncated")).isEqualTo(101 - 64);
    assertThat(context.value("smartagent_network_addresses_truncated")).isGreaterThanOrEqualTo(24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"netlink", "setns", "proc"})
  void aStrangeNameIsANameAndNothingElse(String source) throws Exception {
    Process container = namespace(docker(ID));
    inside(container, "link add a\",b\\c{}#=1 type bridge");
    run(
        "nsenter",
        "-t",
        Long.toString(container.pid()),
        "-n",
        "sh",
        "-c",
        "ip link add $(printf 'x\\377y') type bridge; ip link add $(printf 'x\\376y') type bridge");

    TestModuleContext context = run(source);

    attributes(context, "container", "a\",b\\c{}#=1");
    assertThat(all(context)).anyMatch(each -> "x\ufffdy".equals(each.get("interface")));
    assertThat(
            context.value(
                "smartagent_network_interface_receive_bytes_total",
                labels("a\",b\\c{}#=1", ID.substring(0, 12), "", "", "")))
        .isEqualTo(0);
  }

  @Test
  void containersOfTheSameNameStayApart() throws Exception {
    namespace(docker(ID));
    Process other = namespace(docker(OTHER_ID));
    inside(other, "link add dummy0 type bridge");
    inside(processes.getFirst(), "link add dummy0 type bridge");
    TestModuleContext context = context("netlink");
    for (String id : List.of(ID, OTHER_ID)) {
      context
          .containers()
          .learn(
              new ContainerIdentity(
                  id, "docker", "web", null, null, null, null, false, null, Map.of()));
    }

    run(context, of("netlink"));

    assertThat(
            context.value("smartagent_network_interface_up", labels("dummy0", "web", "", "", "")))
        .isEqualTo(0);
    assertThat(all(context).stream().filter(each -> "dummy0".equals(each.get("interface"))))
        .hasSize(2);
  }

  /** A namespace that belongs to nobody is counted, and nothing is told of it. */
  @Test
  void leavesOutWhatBelongsToNoContainer() throws Exception {
    namespace("0::/user.slice\n");

    TestModuleContext context = run("netlink");

    assertThat(context.value("smartagent_network_namespaces", "other")).isEqualTo(1);
    assertThat(all(context)).noneMatch(each -> "container".equals(each.get("scope")));
  }

  @Test
  void withAPidNamespaceOfItsOwnItShowsWhatProcTells() throws Exception {
    connected();
    Files.delete(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("proc/self"));
    link("proc/self/net", "/proc/self/net");
    Files.writeString(root.resolve("proc/self/status"), "Name:\tjava\nNSpid:\t4711\t1\n");
    Files.writeString(root.resolve("proc/self/cgroup"), docker(OTHER_ID));

    TestModuleContext netlink = run("netlink");

    assertThat(netlink.lastDegraded()).contains("pid namespace of its own", "hostPID: true");
    assertThat(attributes(netlink, "container", "eth0"))
        .containsEntry("mac", null)
        .hasEntrySatisfying(
            "addresses", addresses -> assertThat(addresses.toString()).contains("198.51.100.2/28"));
    TestModuleContext setns = run("setns");
    assertThat(setns.lastDegraded()).isEmpty();
    assertThat(attributes(setns, "container", "eth0")).containsEntry("hostInterface", HERE);
  }

  @Test
  void aProcfsOfItsOwnShowsOnlyItself() throws Exception {
    Files.delete(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("proc/self"));
    link("proc/self/net", "/proc/self/net");
    Files.writeString(root.resolve("proc/self/status"), "Name:\tjava\nNSpid:\t1\n");
    Files.writeString(root.resolve("proc/self/cgroup"), docker(ID));
    Files.writeString(root.resolve("proc/1/cgroup"), docker(ID));

    assertThat(run("proc").lastDegraded()).contains("only its own interfaces", "hostPID: true");
  }
}
