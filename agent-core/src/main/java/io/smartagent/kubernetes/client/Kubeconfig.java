package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that KUBECONFIG names, looked through before a client is made of them. fabric8 falls
 * back where something is missing: to another cluster's address, or to no credentials. Precedence
 * is that of kubectl: the first file that has a name decides.
 */
final class Kubeconfig {

  private final List<Source> sources;
  private final String searchPath;
  private final List<String> problems = new ArrayList<>();

  /** A file and what is in it. */
  private record Source(Path file, Config config) {

    Path resolve(String path) {
      Path directory = file.toAbsolutePath().getParent();
      return directory == null ? Path.of(path) : directory.resolve(path);
    }
  }

  /** A named value, and the source that has it. */
  private record Named<T>(Source source, T value) {}

  private Kubeconfig(List<Source> sources, String searchPath) {
    this.sources = sources;
    this.searchPath = searchPath;
  }

  /**
   * Reads files.
   *
   * @param searchPath where programs are searched, in the form of PATH
   * @throws UnknownClusterException if one of them is invalid
   */
  static Kubeconfig read(List<Path> files, String searchPath) throws UnknownClusterException {
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(new Source(file, parse(file)));
    }
    return new Kubeconfig(sources, searchPath);
  }

  private static Config parse(Path file) throws UnknownClusterException {
    Config config;
    try {
      if (Files.readString(file).isBlank()) {
        throw new UnknownClusterException("\"" + file + "\" is empty. Name a kubeconfig.");
      }
      config = KubeConfigUtils.parseConfig(file.toFile());
    } catch (IOException | RuntimeException e) {
      // A parser's message may quote the file, and a token in it.
      throw new UnknownClusterException(
          "\""
              + file
              + "\" is no kubeconfig ("
              + e.getClass().getSimpleName()
              + "). Does \"kubectl config view\" show what you expect?");
    }
    return config == null ? new Config() : config;
  }

  /**
   * Looks for all that a context needs.
   *
   * @param asked name of the context, null for the current one
   * @throws UnknownClusterException if any part is missing; its message names it
   */
  void check(@Nullable String asked) throws UnknownClusterException {
    String name = asked == null ? currentContext() : asked;
    Named<Context> context = name.isEmpty() ? null : context(name);
    if (context == null) {
      problems.add(
          (name.isEmpty()
                  ? "The kubeconfig has no current context."
                  : "The kubeconfig has no context \"" + name + "\".")
              + (contexts().isEmpty()
                  ? " It has none: name another file."
                  : " Name one of its contexts with --context: "
                      + String.join(", ", contexts())
                      + "."));
    } else {
      cluster(text(context.value().getCluster()));
      user(text(context.value().getUser()));
    }
    if (!problems.isEmpty()) {
      throw new UnknownClusterException(String.join(" ", problems));
    }
  }

  private String currentContext() {
    return sources.stream()
        .map(source -> text(source.config().getCurrentContext()))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  private List<String> contexts() {
    return sources.stream()
        .flatMap(source -> source.config().getContexts().stream())
        .map(NamedContext::getName)
        .distinct()
        .toList();
  }

  private @Nullable Named<Context> context(String name) {
    for (Source source : sources) {
      for (NamedContext each : source.config().getContexts()) {
        if (name.equals(each.getName()) && each.getContext() != null) {
          return new Named<>(source, each.getContext());
        }
      }
    }
    return null;
  }

  private void cluster(String name) {
    for (Source source : sources) {
      for (NamedCluster each : source.config().getClusters()) {
        if (name.equals(each.getName()) && each.getCluster() != null) {
          cluster(new Named<>(source, each.getCluster()), name);
          return;
        }
      }
    }
    problems.add(
        "The kubeconfig has no cluster \""
            + name
            + "\", which its context names. Correct its clusters.");
  }

  private void cluster(Named<Cluster> cluster, String name) {
    if (text(cluster.value().getServer()).isEmpty()) {
      problems.add("The kubeconfig gives the cluster \"" + name + "\" no server. Add its address.");
    } else if (!isAddress(text(cluster.value().getServer()))) {
      problems.add(
          "The kubeconfig gives the cluster \""
              + name
              + "\" a server that is no address. It must be https://HOST:PORT.");
    }
    file(cluster, cluster.value().getCertificateAuthority(), "certificate-authority");
  }

  private static boolean isAddress(String server) {
    try {
      URI address = new URI(server);
      return address.getRawAuthority() != null
          && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void user(String name) {
    for (Source source : sources) {
      for (NamedAuthInfo each : source.config().getUsers()) {
        if (name.equals(each.getName()) && each.getUser() != null) {
          user(new Named<>(source, each.getUser()), name);
          return;
        }
      }
    }
    problems.add(
        "The kubeconfig has no user \"" + name + "\", which its context names. Correct its users.");
  }

  private void user(Named<AuthInfo> user, String name) {
    AuthInfo credentials = user.value();
    file(user, credentials.getClientCertificate(), "client-certificate");
    file(user, credentials.getClientKey(), "client-key");
    file(user, credentials.getTokenFile(), "tokenFile");
    ExecConfig exec = credentials.getExec();
    if (exec != null && !isProgram(user.source(), text(exec.getCommand()))) {
      problems.add(
          "The kubeconfig has the program \""
              + text(exec.getCommand())
              + "\" give the credentials of the user \""
              + name
              + "\", and it is not here. Take a user with a token or a client certificate: kubectl"
              + " create token makes one for a ServiceAccount.");
    }
  }

  private void file(Named<?> named, @Nullable String path, String field) {
    if (text(path).isEmpty()) {
      return;
    }
    Path file = named.source().resolve(text(path));
    try {
      Files.readAllBytes(file);
    } catch (IOException e) {
      problems.add(
          "The kubeconfig names \""
              + file
              + "\" as "
              + field
              + (e instanceof NoSuchFileException
                  ? ", and it is not there."
                  : ", and it cannot be read (" + e.getClass().getSimpleName() + ").")
              + " Mount it too, or write it into the file itself: kubectl config view --flatten"
              + " --raw.");
    }
  }

  private boolean isProgram(Source source, String command) {
    if (command.contains(File.separator)) {
      return Files.isExecutable(source.resolve(command));
    }
    return Stream.of(searchPath.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
