package io.smartagent.integration;

import static io.smartagent.integration.Launches.modules;
import static io.smartagent.integration.Launches.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Deployment;
import io.smartagent.integration.machine.DocumentedManifest;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.ProcessStatus;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator replaces the image of a documented manifest, and it works. */
final class DocumentedManifestIT {

  /** What the agent may write to, and what the manifests themselves make on a node. */
  private static final List<String> ASKED_FOR =
      List.of("/opt", "/var/lib/bonree", "/usr/share/containers", "/etc/containers");

  /** Where accounts are, and what the host's own tools leave beside them. */
  private static final List<String> ACCOUNTS =
      List.of("passwd", "group", "shadow", "gshadow", "subuid", "subgid").stream()
          .flatMap(name -> Stream.of("/etc/" + name, "/etc/" + name + "-"))
          .toList();

  /** Of the documented capabilities, those that neither the launch nor a module needs. */
  private static final Set<String> NOT_NEEDED =
      Set.of("FOWNER", "FSETID", "KILL", "NET_BROADCAST", "NET_RAW", "SETFCAP");

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private HostRoot node() {
    HostRoot node = afterwards.close(HostRoot.node());
    Programs.run("chroot", node.path().toString(), "useradd", "--system", "testuser").orFail();
    return node;
  }

  private static DocumentedManifest manifest(String file, boolean privileged) {
    DocumentedManifest manifest = DocumentedManifest.read(file + ".yaml");
    return privileged ? manifest : manifest.withSecurityContextOf("unprivileged.yaml");
  }

  @ParameterizedTest(name = "{0}, privileged: {1}")
  @CsvSource({
    "full, true, smartagent",
    "full, false, smartagent",
    "read-only, true, smartagent",
    "read-only, false, smartagent",
    "minimal, true, testuser",
    "minimal, false, testuser",
  })
  void startsUnchanged(String mode, boolean privileged, String user) {
    HostRoot node = node();
    Set<String> before = new TreeSet<>(node.changes());
    Deployment deployment = new Deployment(manifest(mode, privileged), node);
    JsonNode plan = deployment.plan();
    RunningContainer agent = afterwards.close(deployment.start()).awaitReady();

    assertThat(plan.get("mode").asText()).isEqualTo(mode);
    assertThat(agent.status().get("attestation").get("passed").asBoolean()).isTrue();
    assertThat(modules(agent.status())).isEqualTo(modules(plan));
    ProcessStatus status =
        ProcessStatus.read(Path.of("/proc", Long.toString(agent.pid()), "status"));
    assertThat(status.field("Uid").split("\t")).containsOnly(uid(node, user));
    assertThat(status.field("NoNewPrivs")).isEqualTo("1");
    Set<String> kept = names(plan.get("capabilities").get("kept"));
    assertThat(kept).doesNotContain("CAP_SYS_ADMIN");
    await().untilAsserted(() -> assertThat(permitted(agent.pid())).isEqualTo(kept));
    assertThat(unasked(node, before)).isSubsetOf(user.equals("smartagent") ? ACCOUNTS : List.of());
  }

  /** Each module's thread has those of its source; together they have what was kept. */
  private static Set<String> permitted(long pid) throws IOException {
    Set<String> permitted = new TreeSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      threads.forEach(thread ->
          permitted.addAll(ProcessStatus.read(thread.resolve("status")).capabilities("CapPrm")));
    }
    return permitted;
  }

  private static String uid(HostRoot node, String user) {
    return Programs.run("chroot", node.path().toString(), "id", "-u", user).orFail().out().strip();
  }

  private static List<String> unasked(HostRoot node, Set<String> before) {
    return node.changes().stream()
        .filter(path -> !before.contains(path))
        .filter(path -> ASKED_FOR.stream().noneMatch(asked -> (path + "/").startsWith(asked + "/")))
        .filter(path -> ASKED_FOR.stream().noneMatch(asked -> asked.startsWith(path + "/")))
        .toList();
  }

  /** Then the operator takes out what the plan calls surplus, and nothing is lost. */
  @Test
  void asksForLess() {
    HostRoot node = node();
    DocumentedManifest documented = manifest("read-only", false);
    JsonNode plan = new Deployment(documented, node).plan();
    Set<String> surplus =
        names(plan.get("capabilities").get("surplus")).stream()
            .map(name -> name.substring("CAP_".length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(surplus).containsAll(NOT_NEEDED).doesNotContain("CHOWN", "DAC_OVERRIDE");
    assertThat(Capabilities.DOCUMENTED).containsAll(surplus);

    Deployment least = new Deployment(documented.withoutAdding(surplus), node);
    RunningContainer agent = afterwards.close(least.start()).awaitReady();

    assertThat(modules(agent.status())).isEqualTo(modules(plan));
    assertThat(agent.status().get("attestation").get("passed").asBoolean()).isTrue();
    assertThat(names(least.plan().get("capabilities").get("surplus"))).isEmpty();
  }
}
