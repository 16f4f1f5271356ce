package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.yaml.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The definition of the custom resource AgentNode, as the agent brings it along. */
final class NodeResource {

  private static final String FILE = "/io/smartagent/kubernetes/agentnodes.yaml";

  private NodeResource() {}

  /** Returns the definition as YAML; empty where this build has none. */
  static Optional<String> definition() {
    try (InputStream stream = NodeResource.class.getResourceAsStream(FILE)) {
      return stream == null
          ? Optional.empty()
          : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the definition as an object; empty where this build has none. */
  static Optional<Yaml.Mapping> object() {
    return definition().map(Yaml::parse);
  }
}
