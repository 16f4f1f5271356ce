package io.smartagent.kubernetes.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Audits manifests that stand in a test. */
final class Audited {

  private Audited() {}

  static AuditReport manifest(Level level, String manifest) {
    Audit audit = new Audit(level, (source, bytes, objects) -> {});
    try {
      audit.read("m.yaml", new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return audit.report();
  }

  /** Audits a pod with one container, whose fields and those of the pod's spec are flow YAML. */
  static ContainerReport container(String pod, String container) {
    AuditReport report = pod(pod, container);
    return report.owners().values().iterator().next().getFirst();
  }

  static AuditReport pod(String pod, String container) {
    return manifest(
        Level.WEAKENED,
        "kind: Pod\nmetadata: {name: p, namespace: n}\nspec:\n"
            + pod.indent(2)
            + "  containers:\n  - name: c\n"
            + container.indent(4));
  }

  /** Returns the findings as "level rule: words". */
  static List<String> findings(ContainerReport container) {
    return container.findings().stream()
        .map(each -> each.level().id() + " " + each.rule().id() + ": " + each.words())
        .toList();
  }
}
