package io.smartagent.integration.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A documented manifest on a node, with the tested image and nothing else changed: but on a node
 * there is one agent, and here there may be others, so that each has a status address of its own.
 */
public final class Deployment {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> FIELDS =
      Map.of("spec.nodeName", "node-1", "metadata.namespace", "monitoring");

  private final DocumentedManifest manifest;
  private final HostRoot node;
  private final int port = Launcher.freePort();

  /** Returns a deployment that has not been started. */
  public Deployment(DocumentedManifest manifest, HostRoot node) {
    this.manifest = manifest;
    this.node = node;
  }

  /** Starts the container. */
  public RunningContainer start() {
    String name = Docker.newName();
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(container());
    command.addAll(manifest.arguments());
    Docker.docker(command).orFail();
    return new RunningContainer(name, port);
  }

  /** Returns the output of {@code plan --format json} with the options of its args. */
  public JsonNode plan() {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--name", Docker.newName()));
    command.addAll(container());
    command.addAll(List.of("plan", "--format", "json"));
    command.addAll(manifest.arguments().subList(1, manifest.arguments().size()));
    try {
      return JSON.readTree(Docker.docker(command).output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> container() {
    List<String> words = new ArrayList<>(List.of("--label", Docker.LABEL));
    words.addAll(manifest.security());
    words.addAll(manifest.mounts(node.path(), node.scratch()));
    Map<String, String> environment = new LinkedHashMap<>(manifest.environment(FIELDS, Map.of()));
    environment.put("SMARTAGENT_STATUS_ADDRESS", "127.0.0.1:" + port);
    // What the kubelet gives to every container; no server listens there.
    environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    environment.put("KUBERNETES_SERVICE_PORT", "9");
    environment.forEach((name, value) -> words.addAll(List.of("-e", name + "=" + value)));
    words.add(Docker.image());
    return words;
  }
}
