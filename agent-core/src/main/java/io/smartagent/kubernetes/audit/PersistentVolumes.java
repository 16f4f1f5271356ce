package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.yaml.ManifestObject;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which claims are bound to a path of the host: core/v1 PersistentVolume with hostPath or local. A
 * volume names the claim that it is bound to, and a claim its volume.
 */
final class PersistentVolumes {

  private static final String DEFAULT_NAMESPACE = "default";

  private final Map<String, String> paths = new HashMap<>();
  private final Map<Claim, String> volumes = new HashMap<>();

  private record Claim(String namespace, String name) {

    static Claim of(String namespace, String name) {
      return new Claim(namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace, name);
    }
  }

  /** Remembers {@code object} if it is a volume or a claim. */
  void add(ManifestObject object, Consumer<ManifestProblem> problems) {
    if (object.kind().equals("PersistentVolume")) {
      volume(Field.of(object.source(), object.fields(), problems));
    } else if (object.kind().equals("PersistentVolumeClaim")) {
      claim(Field.of(object.source(), object.fields(), problems));
    }
  }

  private void volume(Field root) {
    Field spec = root.get("spec");
    String name = root.get("metadata").get("name").text().orElse("");
    Optional<String> path =
        Stream.of(spec.get("hostPath"), spec.get("local"))
            .map(source -> source.get("path").text())
            .flatMap(Optional::stream)
            .findFirst();
    if (path.isEmpty()) {
      return;
    }
    paths.put(name, path.get());
    Field claim = spec.get("claimRef");
    claim
        .get("name")
        .text()
        .ifPresent(claimed ->
            volumes.put(Claim.of(claim.get("namespace").text().orElse(""), claimed), name));
  }

  private void claim(Field root) {
    Field metadata = root.get("metadata");
    Optional<String> name = metadata.get("name").text();
    Optional<String> volume = root.get("spec").get("volumeName").text();
    if (name.isPresent() && volume.isPresent()) {
      volumes.put(Claim.of(metadata.get("namespace").text().orElse(""), name.get()), volume.get());
    }
  }

  /** Returns the path of the host that a claim is bound to; null if none is known. */
  @Nullable String hostPath(String namespace, String claim) {
    String volume = volumes.get(Claim.of(namespace, claim));
    return volume == null ? null : paths.get(volume);
  }
}
