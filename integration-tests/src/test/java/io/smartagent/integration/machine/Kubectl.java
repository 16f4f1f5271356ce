package io.smartagent.integration.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Kubernetes' command line, as one user of one server. */
public final class Kubectl {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> options;

  private Kubectl(List<String> options) {
    this.options = options;
  }

  /** Returns the command line of the user that a kubeconfig names. */
  static Kubectl of(Path kubeconfig) {
    return new Kubectl(List.of("--kubeconfig", kubeconfig.toString(), "--request-timeout", "20s"));
  }

  /**
   * Returns the command line of a ServiceAccount, by impersonation: the server asks RBAC as if the
   * account itself had come.
   */
  public Kubectl asServiceAccount(String namespace, String name) {
    List<String> words = new ArrayList<>(options);
    words.addAll(List.of("--as", "system:serviceaccount:" + namespace + ":" + name));
    words.addAll(List.of("--as-group", "system:serviceaccounts"));
    return new Kubectl(words);
  }

  /** Runs {@code kubectl} with these words. */
  public Completed run(String... words) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(options);
    command.addAll(Arrays.asList(words));
    return Programs.run(command);
  }

  /** Returns what {@code kubectl} prints with these words and {@code -o json}. */
  public JsonNode json(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("-o", "json"));
    return parse(run(all.toArray(String[]::new)).orFail().out());
  }

  /**
   * Returns a ClusterRole and its binding to an account of the namespace {@code default}.
   *
   * @param rules as YAML
   */
  public static String clusterRole(String name, String rules, String account) {
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: %1$s}
    rules:
    %2$s
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: %1$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
    subjects: [{kind: ServiceAccount, name: %3$s, namespace: default}]
    """
        .formatted(name, rules.strip(), account);
  }

  /** Creates objects or changes them to be what the YAML or JSON says. */
  public void apply(String manifest) {
    withFile(manifest, "apply", "-f").orFail();
  }

  /** Creates many objects, none of which may be there: it asks for nothing before. */
  public void create(String manifest) {
    withFile(manifest, "create", "--validate=false", "-f").orFail();
  }

  /** Has the server check objects, down to unknown fields, without keeping them. */
  public Completed validate(String manifest) {
    return withFile(manifest, "apply", "--dry-run=server", "--validate=true", "-f");
  }

  /** Posts JSON to a path of the API and returns the answer. */
  public JsonNode post(String path, String body) {
    return parse(withFile(body, "create", "--raw", path, "-f").orFail().out());
  }

  private Completed withFile(String text, String... words) {
    try {
      Path file = Files.createTempFile("smartagent-it", ".yaml");
      try {
        Files.writeString(file, text);
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.add(file.toString());
        return run(all.toArray(String[]::new));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
