package io.smartagent.integration;

import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits manifests with the image, as a pipeline would: without capabilities and network. */
final class AuditIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FOUND = 1;
  private static final int LARGE = 50_000_000;

  @TempDir private Path directory;

  private static Path manifests() {
    return Path.of(
        System.getProperty("smartagent.repository"), "integration-tests/src/test/resources/audit");
  }

  private static Completed audit(Path mounted, String... words) {
    List<String> command = new ArrayList<>(List.of("audit"));
    command.addAll(List.of(words));
    return Launcher.withoutHostRoot()
        .withoutAnyCapability()
        .withOwnProcesses()
        .option("--memory", "256m")
        .mounts(List.of("-v", mounted.toAbsolutePath().normalize() + ":/m:ro"))
        .invoke(command);
  }

  @Test
  void saysOfEachPrivilegedContainerWhatItCouldBecome() throws IOException {
    JsonNode report =
        JSON.readTree(succeeded(audit(manifests(), "--format", "json", "/m")).output());
    TreeMap<String, String> found = new TreeMap<>();
    for (JsonNode owner : report.get("owners")) {
      for (JsonNode container : owner.get("containers")) {
        found.put(
            owner.get("name").asText() + "/" + container.get("name").asText(),
            container.get("level").asText() + blockers(container.get("demotion")));
      }
    }
    assertThat(found)
        .containsExactly(
            Map.entry("log-shipper/shipper", "privileged"),
            Map.entry("network-plugin/forwarding", "privileged kernel-setting"),
            Map.entry("network-plugin/mount-bpf", "privileged bidirectional-propagation"),
            Map.entry("network-plugin/network-plugin", "equivalent"),
            Map.entry("node-metrics/node-metrics", "equivalent"),
            Map.entry("service-proxy/service-proxy", "privileged"),
            Map.entry("smartagent/smartagent", "privileged"),
            Map.entry("threat-detector/detector", "privileged host-device"),
            Map.entry("volume-driver/driver", "privileged bidirectional-propagation host-device"));
  }

  private static String blockers(JsonNode demotion) {
    StringBuilder blockers = new StringBuilder();
    demotion
        .path("obstacles")
        .forEach(blocker -> blockers.append(' ').append(blocker.get("id").asText()));
    return blockers.toString();
  }

  @Test
  void failsOnlyWithItsOption() {
    succeeded(audit(manifests(), "/m/system.yaml"));
    Completed failed = audit(manifests(), "--fail", "/m/system.yaml");
    assertThat(failed.exitCode()).as("%s", failed).isEqualTo(FOUND);
    assertThat(failed.out()).contains("kube-system/DaemonSet/volume-driver");
    assertThat(failed.error()).isEmpty();
  }

  @Test
  void writesWhatTheSchemaOfSarifAccepts() throws IOException {
    Files.writeString(directory.resolve("bad.yaml"), "kind: [\n");
    Files.copy(manifests().resolve("system.yaml"), directory.resolve("a b.yaml"));
    Completed completed = audit(directory, "--format", "sarif", "--level", "weakened", "/m");
    assertThat(completed.exitCode()).as("%s", completed).isEqualTo(Launches.CONFIGURATION);
    JsonNode log = JSON.readTree(completed.output());
    assertThat(schemaOfSarif().validate(log)).isEmpty();
    assertThat(log.findValuesAsText("ruleId")).contains("privileged", "host-path");
    JsonNode first = log.get("runs").get(0).get("results").get(0);
    JsonNode place = first.get("locations").get(0).get("physicalLocation");
    assertThat(place.get("artifactLocation").get("uri").asText()).isEqualTo("file:///m/a%20b.yaml");
    List<String> lines = Files.readAllLines(directory.resolve("a b.yaml"));
    assertThat(lines.get(place.get("region").get("startLine").asInt() - 1))
        .contains("privileged: true");
  }

  /** The schema of OASIS, as another program of SARIF brings it along. */
  private static JsonSchema schemaOfSarif() throws IOException {
    try (InputStream schema =
        Objects.requireNonNull(
            AuditIT.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
      return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
    }
  }

  @Test
  void reportsEverythingThatCannotBeReadAndReadsTheRest() throws IOException {
    Files.write(directory.resolve("a.yaml"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
    Files.writeString(directory.resolve("b.yaml"), "kind: Pod\nspec: {a: 1, a: 2}\n");
    Files.writeString(directory.resolve("c.yaml"), "{{- if .Values.x }}\nkind: Pod\n{{- end }}\n");
    Files.copy(manifests().resolve("system.yaml"), directory.resolve("d.yaml"));
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Completed completed = audit(directory, "--fail", "/m", "/nonexistent");
    assertThat(completed.exitCode()).as("%s", completed).isEqualTo(Launches.CONFIGURATION);
    Launches.assertNoStackTrace(completed);
    assertThat(completed.out()).contains("volume-driver");
    assertThat(completed.error().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("/m/closed: It may not be read."),
            line -> assertThat(line).contains("/m/a.yaml:1: It is gzip, and no manifest."),
            line -> assertThat(line).contains("/m/b.yaml:2: The field \"a\" occurs twice"),
            line -> assertThat(line).contains("/m/c.yaml:1: ").contains("helm template"),
            line -> assertThat(line).contains("/nonexistent: There is no such file."));
  }

  @Test
  void readsALargeListWithTheHeapOfALauncher() throws IOException {
    Path large = directory.resolve("large.yaml");
    long objects = writeList(large);
    JsonNode summary =
        JSON.readTree(succeeded(audit(directory, "--format", "json", "/m/large.yaml")).output())
            .get("summary");
    assertThat(summary.get("bytes").asLong()).isEqualTo(Files.size(large)).isGreaterThan(LARGE);
    assertThat(summary.get("workloads").asLong()).isEqualTo(objects);
    assertThat(summary.get("privileged").asLong()).isEqualTo(1);
    assertThat(Programs.run("grep", "-c", "privileged: true", large.toString()).out().strip())
        .isEqualTo(Long.toString(objects));
  }

  /** As "kubectl get pods -A -o yaml" writes it: one document, one list. */
  private static long writeList(Path file) throws IOException {
    long objects = 0;
    long bytes = 0;
    try (BufferedWriter list = Files.newBufferedWriter(file)) {
      list.write("apiVersion: v1\nitems:\n");
      for (; bytes <= LARGE; objects++) {
        String pod = pod(objects);
        list.write(pod);
        bytes += pod.length();
      }
      list.write("kind: List\n");
    }
    return objects;
  }

  private static String pod(long number) {
    StringBuilder pod = new StringBuilder(8192);
    pod.append("- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: agent-").append(number);
    pod.append("\n    namespace: n\n    ownerReferences:\n    - apiVersion: apps/v1\n");
    pod.append("      controller: true\n      kind: DaemonSet\n      name: agent\n");
    pod.append("  spec:\n    containers:\n    - name: agent\n      env:\n");
    for (int i = 0; i < 60; i++) {
      pod.append("      - name: VARIABLE_").append(i).append("\n        value: \"some value\"\n");
    }
    pod.append("      securityContext:\n        privileged: true\n");
    pod.append("  status:\n    conditions:\n");
    for (int i = 0; i < 40; i++) {
      pod.append("    - lastTransitionTime: \"2026-11-01T00:00:00Z\"\n      type: Ready\n");
    }
    return pod.toString();
  }
}
