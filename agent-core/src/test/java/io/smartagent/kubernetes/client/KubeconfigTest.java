package io.smartagent.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KubeconfigTest {

  private static final String GOOD =
      """
      clusters: [{name: c, cluster: {server: "https://h:1", certificate-authority: ca.crt}}]
      users: [{name: u, user: {token: s3cr3t}}]
      contexts:
      - {name: one, context: {cluster: c, user: u}}
      - {name: two, context: {cluster: c, user: u}}
      current-context: one
      """;

  @TempDir private Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private void check(String text, @Nullable String context)
      throws IOException, UnknownClusterException {
    write("ca.crt", "");
    Kubeconfig.read(List.of(write("config", text)), directory.toString()).check(context);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "two", ""})
  void findsAllThatAContextNeeds(String context) throws IOException, UnknownClusterException {
    check(GOOD, context.isEmpty() ? null : context);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          current-context: one   | current-context: three     | The kubeconfig has no context "three". Name one of its contexts with --context: one, two.
          current-context: one   | x: y                       | The kubeconfig has no current context. Name one of its contexts with --context: one, two.
          {name: c, cluster      | {name: d, cluster          | The kubeconfig has no cluster "c", which its context names.
          {name: u, user         | {name: v, user             | The kubeconfig has no user "u", which its context names.
          server: "https://h:1", | a: b,                      | The kubeconfig gives the cluster "c" no server.
          ca.crt                 | no.crt                     | no.crt" as certificate-authority, and it is not there.
          token: s3cr3t          | client-key: k, client-certificate: d | d" as client-certificate, and it is not there.
          token: s3cr3t          | tokenFile: /               | The kubeconfig names "/" as tokenFile, and it cannot be read (
          token: s3cr3t          | exec: {command: login}     | the program "login" give the credentials of the user "u", and it is not here.
          token: s3cr3t          | exec: {command: /x/login}  | the program "/x/login" give the credentials
          """)
  void saysWhatIsMissing(String good, String bad, String fault) {
    assertThatThrownBy(() -> check(GOOD.replace(good, bad), null))
        .isInstanceOf(UnknownClusterException.class)
        .hasMessageContaining(fault)
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void saysAllThatIsMissing() {
    assertThatThrownBy(() ->
            check(
                GOOD.replace("ca.crt", "no.crt").replace("{name: u, user", "{name: v, user"), null))
        .hasMessageContaining("certificate-authority")
        .hasMessageContaining("no user \"u\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusters: [", "token s3cr3t", "[s3cr3t]", "clusters: s3cr3t"})
  void saysOfWhichFileItIsNone(String text) {
    assertThatThrownBy(() -> check(text, null))
        .isInstanceOf(UnknownClusterException.class)
        .hasMessageContaining("config\" is no kubeconfig (")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void takesTheFirstFileThatHasAName() throws IOException, UnknownClusterException {
    Path first = write("first", "current-context: three\n");
    Path second = write("second", GOOD);
    write("ca.crt", "");
    Kubeconfig.read(List.of(second, first), "").check(null);
    assertThatThrownBy(() -> Kubeconfig.read(List.of(first, second), "").check(null))
        .hasMessageStartingWith("The kubeconfig has no context \"three\".");
  }

  @Test
  void findsProgramsAsKubectlDoes() throws IOException, UnknownClusterException {
    Path program = write("login", "");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    check(GOOD.replace("token: s3cr3t", "exec: {command: login}"), null);
    check(GOOD.replace("token: s3cr3t", "exec: {command: ./login}"), null);
  }
}
