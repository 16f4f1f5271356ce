package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.HostRoot.makeDirectory;
import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A DaemonSet as the documentation has it, as options of {@code docker run}: what the kubelet and a
 * container runtime make of its first container, with a host's root that the test made in place of
 * the node's.
 */
public final class DocumentedManifest {

  private static final String DIRECTORY = "/manifests/";

  private final Map<?, ?> pod;
  private final Map<?, ?> container;
  private final Map<?, ?> securityContext;

  private DocumentedManifest(Map<?, ?> pod, Map<?, ?> container, Map<?, ?> securityContext) {
    this.pod = pod;
    this.container = container;
    this.securityContext = securityContext;
  }

  /** Returns the manifest in a file of the resources, such as {@code full.yaml}. */
  public static DocumentedManifest read(String file) {
    return of(load(file));
  }

  /** Returns the manifest whose DaemonSet is among the documents of a file. */
  public static DocumentedManifest read(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      for (Object document :
          new Load(LoadSettings.builder().build()).loadAllFromInputStream(stream)) {
        if (document instanceof Map<?, ?> object && "DaemonSet".equals(object.get("kind"))) {
          return of(object);
        }
      }
      throw new IllegalArgumentException("no DaemonSet in " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DocumentedManifest of(Map<?, ?> daemonSet) {
    Map<?, ?> pod = map(map(map(daemonSet, "spec"), "template"), "spec");
    Map<?, ?> container = (Map<?, ?>) list(pod, "containers").getFirst();
    return new DocumentedManifest(pod, container, map(container, "securityContext"));
  }

  /** Returns this with the securityContext of another file in place of its own. */
  public DocumentedManifest withSecurityContextOf(String file) {
    return new DocumentedManifest(pod, container, map(load(file), "securityContext"));
  }

  /** Returns this without some of the capabilities that it adds. */
  public DocumentedManifest withoutAdding(Collection<String> names) {
    Map<Object, Object> capabilities = new LinkedHashMap<>(map(securityContext, "capabilities"));
    List<Object> added = new ArrayList<>(list(capabilities, "add"));
    added.removeAll(names);
    capabilities.put("add", added);
    Map<Object, Object> changed = new LinkedHashMap<>(securityContext);
    changed.put("capabilities", capabilities);
    return new DocumentedManifest(pod, container, changed);
  }

  private static Map<?, ?> load(String file) {
    try (InputStream stream = DocumentedManifest.class.getResourceAsStream(DIRECTORY + file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no manifest " + file);
      }
      return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the container's args. */
  public List<String> arguments() {
    return list(container, "args").stream().map(String::valueOf).toList();
  }

  /**
   * Returns the variables that it sets.
   *
   * @param fields what the fieldRefs stand for
   * @param placeholders what the user fills in: {@code url} for <code>${url}</code>; nothing where
   *     there is none
   */
  public Map<String, String> environment(
      Map<String, String> fields, Map<String, String> placeholders) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Object entry : list(container, "env")) {
      Map<?, ?> variable = (Map<?, ?>) entry;
      String name = text(variable, "name");
      if (variable.containsKey("valueFrom")) {
        String path = text(map(map(variable, "valueFrom"), "fieldRef"), "fieldPath");
        environment.put(name, Optional.ofNullable(fields.get(path)).orElseThrow());
      } else {
        environment.put(name, filled(text(variable, "value"), placeholders));
      }
    }
    return environment;
  }

  private static String filled(String value, Map<String, String> placeholders) {
    boolean placeholder = value.startsWith("${") && value.endsWith("}");
    return placeholder
        ? placeholders.getOrDefault(value.substring(2, value.length() - 1), "")
        : value;
  }

  /** Returns Docker's options for namespaces, privileges and the container's own root. */
  public List<String> security() {
    List<String> words = new ArrayList<>();
    if (is(pod, "hostPID")) {
      words.addAll(List.of("--pid", "host"));
    }
    if (is(pod, "hostNetwork")) {
      words.addAll(List.of("--network", "host"));
    }
    if (is(securityContext, "readOnlyRootFilesystem")) {
      words.add("--read-only");
    }
    if (is(securityContext, "privileged")) {
      words.addAll(privileged());
    } else if (Boolean.FALSE.equals(securityContext.get("allowPrivilegeEscalation"))) {
      words.addAll(List.of("--security-opt", "no-new-privileges"));
    }
    words.addAll(capabilities());
    return words;
  }

  /**
   * Where this machine itself lacks a capability, Docker can make no container privileged: then all
   * that is there is given, and nothing is filtered, confined or masked.
   */
  private static List<String> privileged() {
    List<String> missing = Capabilities.missingHere();
    if (missing.isEmpty()) {
      return List.of("--privileged");
    }
    List<String> words = new ArrayList<>(List.of("--cap-add", "ALL"));
    missing.forEach(name -> words.addAll(List.of("--cap-drop", name)));
    for (String option : List.of("seccomp=unconfined", "apparmor=unconfined")) {
      words.addAll(List.of("--security-opt", option));
    }
    words.addAll(List.of("--security-opt", "systempaths=unconfined"));
    words.addAll(List.of("--device-cgroup-rule", "a *:* rwm"));
    return words;
  }

  private List<String> capabilities() {
    List<String> words = new ArrayList<>();
    Map<?, ?> capabilities = map(securityContext, "capabilities");
    for (Object name : list(capabilities, "drop")) {
      words.addAll(List.of("--cap-drop", String.valueOf(name)));
    }
    for (Object name : list(capabilities, "add")) {
      if (!Capabilities.missingHere().contains(String.valueOf(name))) {
        words.addAll(List.of("--cap-add", String.valueOf(name)));
      }
    }
    return words;
  }

  /**
   * Returns Docker's options for the volumes, those above others first.
   *
   * @param root the host's root
   * @param scratch where emptyDirs are made
   */
  public List<String> mounts(Path root, Path scratch) {
    List<Map<?, ?>> mounts = new ArrayList<>();
    list(container, "volumeMounts").forEach(mount -> mounts.add((Map<?, ?>) mount));
    mounts.sort(Comparator.comparingInt(mount -> Path.of(text(mount, "mountPath")).getNameCount()));
    List<String> words = new ArrayList<>();
    for (Map<?, ?> mount : mounts) {
      Path source = source(volume(text(mount, "name")), root, scratch);
      String access = is(mount, "readOnly") ? ":ro" : "";
      words.addAll(List.of("-v", source + ":" + text(mount, "mountPath") + access));
    }
    return words;
  }

  private Map<?, ?> volume(String name) {
    return list(pod, "volumes").stream()
        .map(volume -> (Map<?, ?>) volume)
        .filter(volume -> text(volume, "name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Path source(Map<?, ?> volume, Path root, Path scratch) {
    if (volume.containsKey("projected")) {
      Path directory = makeDirectory(scratch.resolve("projected").resolve(text(volume, "name")));
      ServiceAccountVolume.fill(
          directory, "token of an account that no server knows", "", "default");
      return directory;
    }
    if (volume.containsKey("emptyDir")) {
      Path directory = makeDirectory(scratch.resolve("empty").resolve(text(volume, "name")));
      run("chmod", "0777", directory.toString()).orFail();
      return directory;
    }
    Map<?, ?> hostPath = map(volume, "hostPath");
    Path place = inRoot(root, text(hostPath, "path"));
    // Without a type nothing is checked, and the runtime makes what is missing as well.
    return Files.exists(place) ? place : makeDirectory(place);
  }

  /** Links of the node lead to places of the node. */
  private static Path inRoot(Path root, String path) {
    String real = run("chroot", root.toString(), "readlink", "-m", path).orFail().out().strip();
    return root.resolve(real.substring(1));
  }

  private static boolean is(Map<?, ?> map, String key) {
    return Boolean.TRUE.equals(map.get(key));
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  private static Map<?, ?> map(Map<?, ?> map, String key) {
    return map.get(key) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> found ? found : List.of();
  }
}
