package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.audit.Level;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditCommandTest {

  private static final String PRIVILEGED =
      """
      kind: Pod
      metadata: {name: p}
      spec: {containers: [{name: c, securityContext: {privileged: true}}]}
      """;

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ExitStatus run(String input, String... words) {
    return new AuditCommand(
            new Terminal(out, err, false),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
        .run(List.of(words));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void understandsItsOptions() {
    AuditArguments arguments =
        AuditArguments.parse(
            List.of("a.yaml", "--format=json", "--level", "weakened", "--fail", "-", "--", "--x"));
    assertThat(arguments.problems()).isEmpty();
    assertThat(arguments.files()).containsExactly("a.yaml", "-", "--x");
    assertThat(arguments.format()).isEqualTo("json");
    assertThat(arguments.level()).isEqualTo(Level.WEAKENED);
    assertThat(arguments.fail()).isTrue();
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThat(
            AuditArguments.parse(List.of("--format", "xml", "--levle=x", "--level", "--fail=1"))
                .problems())
        .extracting(Problem::text)
        .containsExactly(
            "Command audit has no option --levle. Try audit --help. Did you mean --level?",
            "Option --level has no value. Write --level privileged|equivalent|weakened.",
            "Option --format is \"xml\". It can be \"table\", \"wide\", \"json\", \"sarif\".",
            "Command audit has nothing to read. Name files or directories, - for standard input"
                + " (kubectl get pods -A -o json | smartagent audit -), or --cluster.",
            "Option --fail is \"1\". It must be \"true\" or \"false\", or just --fail.");
  }

  @Test
  void understandsWhichClusterIsMeant() {
    AuditArguments arguments =
        AuditArguments.parse(
            List.of("--cluster", "--kubeconfig=k", "--context", "c", "--namespace", "n"));
    assertThat(arguments.problems()).isEmpty();
    assertThat(arguments.cluster()).isTrue();
    assertThat(List.of(arguments.kubeconfig(), arguments.context(), arguments.namespace()))
        .containsExactly("k", "c", "n");
  }

  @Test
  void readsFilesOrAClusterAndNotBoth() {
    assertThat(AuditArguments.parse(List.of("--cluster", "a.yaml", "--context=")).problems())
        .extracting(Problem::text)
        .containsExactly(
            "Option --context has no value. Write --context NAME.",
            "Command audit has --cluster and files: a.yaml. Read one or the other; write"
                + " --namespace N to read one namespace.");
    assertThat(AuditArguments.parse(List.of("a.yaml", "--namespace", "n")).problems())
        .extracting(Problem::text)
        .containsExactly(
            "Option --namespace is about a cluster, and none is to be read. Add --cluster, or leave"
                + " it out.");
  }

  @ParameterizedTest
  @CsvSource({"--fail, FOUND", "--format=json, OK", "--format=sarif, OK", "--format=wide, OK"})
  void exitsAsTheOptionDemands(String option, ExitStatus status) {
    assertThat(run(PRIVILEGED, option, "-")).isEqualTo(status);
    assertThat(out.size()).isPositive();
    assertThat(err()).isEmpty();
  }

  @Test
  void doesNotFailWhereNothingIsFound() {
    assertThat(run("kind: Pod\n", "--fail", "-")).isEqualTo(ExitStatus.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "'', CONFIGURATION",
    "# a comment, CONFIGURATION",
    "'{kind: List, items: []}', OK",
  })
  void takesNothingForAFailureBeforeThePipe(String input, ExitStatus status) {
    assertThat(run(input, "--fail", "-")).isEqualTo(status);
    assertThat(err().contains("standard input: There is nothing in it."))
        .isEqualTo(status == ExitStatus.CONFIGURATION);
  }

  @Test
  void readsTheVolumeOfAConfigMapOnce() throws IOException {
    Path data = Files.createDirectory(directory.resolve("..2026_11_22"));
    Files.writeString(data.resolve("p.yaml"), PRIVILEGED);
    Files.createSymbolicLink(directory.resolve("..data"), data.getFileName());
    Files.createSymbolicLink(directory.resolve("p.yaml"), Path.of("..data/p.yaml"));
    assertThat(run("", "--format", "json", directory.toString())).isEqualTo(ExitStatus.OK);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"sources\" : 1,");
  }

  @Test
  void readsTheRestWhereAFileCannotBeRead() throws IOException {
    Path nested = Files.createDirectory(directory.resolve("nested"));
    Files.writeString(nested.resolve("p.yml"), PRIVILEGED);
    Files.writeString(nested.resolve("notes.txt"), "kind: [");
    Files.writeString(directory.resolve("bad.json"), "{\"kind\": ");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(run("", "--fail", "/nonexistent/x.yaml", empty.toString(), directory.toString()))
        .isEqualTo(ExitStatus.CONFIGURATION);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("nested/p.yml:3");
    assertThat(err().lines())
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).contains("/nonexistent/x.yaml: There is no such file."),
            line -> assertThat(line).contains("empty: There is no file in it that is called"),
            line -> assertThat(line).contains("bad.json:1: It is not JSON"));
  }
}
