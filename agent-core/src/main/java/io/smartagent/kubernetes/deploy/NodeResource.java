package io.smartagent.kubernetes.deploy;

import io.smartagent.kubernetes.manifest.ManifestNode;
import io.smartagent.kubernetes.manifest.ManifestObject;
import io.smartagent.kubernetes.manifest.ManifestProblem;
import io.smartagent.kubernetes.manifest.ManifestReader;
import io.smartagent.kubernetes.manifest.ManifestSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
    List<Yaml.Mapping> objects = new ArrayList<>();
    definition().ifPresent(text -> read(text, objects));
    return objects.stream().findFirst();
  }

  private static void read(String text, List<Yaml.Mapping> objects) {
    ManifestSink sink =
        new ManifestSink() {
          @Override
          public void object(ManifestObject object) {
            objects.add((Yaml.Mapping) value(object.fields()));
          }

          @Override
          public void problem(ManifestProblem problem) {
            throw new IllegalStateException(problem.text());
          }

          @Override
          public void progress(long bytes) {}
        };
    try {
      InputStream input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      ManifestReader.read(FILE, input, sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Yaml value(ManifestNode node) {
    return switch (node) {
      case ManifestNode.Mapping map -> {
        Yaml.Mapping result = Yaml.map();
        map.fields().forEach((name, field) -> result.put(name, value(field)));
        yield result;
      }
      case ManifestNode.Sequence list -> {
        Yaml.Sequence result = Yaml.list();
        list.items().forEach(item -> result.add(value(item)));
        yield result;
      }
      case ManifestNode.Scalar scalar -> scalar(scalar);
    };
  }

  private static Yaml scalar(ManifestNode.Scalar scalar) {
    String text = scalar.text();
    if (scalar.plain() && (text.equals("true") || text.equals("false"))) {
      return new Yaml.Flag(text.equals("true"));
    }
    boolean number = scalar.plain() && text.matches("-?\\d{1,18}");
    return number ? new Yaml.Whole(Long.parseLong(text)) : new Yaml.Text(text);
  }
}
