package io.smartagent.kubernetes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestFilesTest {

  private static final String POD =
      """
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {template: {spec: {containers: [{name: c, securityContext: {privileged: true}}]}}}
      """;

  @TempDir private Path directory;

  private Path write(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, POD);
  }

  private AuditReport read() {
    Audit audit = new Audit(Level.EQUIVALENT, (source, bytes, objects) -> {});
    new ManifestFiles(audit, InputStream.nullInputStream()).read(List.of(directory.toString()));
    return audit.report();
  }

  private List<String> sources(AuditReport report) {
    return report.owners().values().stream()
        .flatMap(List::stream)
        .map(container -> directory.relativize(Path.of(container.location().source())).toString())
        .toList();
  }

  @Test
  void reportsEachFileThatHasToBeCorrected() throws IOException {
    write("dev/d.yaml");
    write("prod/d.yaml");
    write("prod/.hidden/d.yaml");
    write("prod/d.txt");

    AuditReport report = read();

    assertThat(sources(report)).containsExactly("dev/d.yaml", "prod/d.yaml");
    assertThat(report.count(Level.PRIVILEGED)).isEqualTo(2);
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void reportsALinkThatLeadsNowhereAndReadsTheRest() throws IOException {
    write("a.yaml");
    Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("nowhere"));
    Files.createSymbolicLink(directory.resolve("c.yaml"), Path.of("a.yaml"));

    AuditReport report = read();

    assertThat(sources(report)).containsExactly("a.yaml", "c.yaml");
    assertThat(report.problems())
        .extracting(ManifestProblem::source)
        .containsExactly(directory.resolve("b.yaml").toString());
  }
}
