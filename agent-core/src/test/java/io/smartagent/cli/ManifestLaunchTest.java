package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Command;
import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kubernetes.manifest.DaemonSetPlan;
import io.smartagent.kubernetes.manifest.DaemonSetPlanner;
import io.smartagent.kubernetes.manifest.Manifest;
import io.smartagent.kubernetes.manifest.ManifestOptionsParser;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every manifest that can be asked for is put before the planner of the launch, as YAML: it
 * launches, runs the modules that the manifest says, and has not one capability too many.
 */
final class ManifestLaunchTest {

  private static final List<String> MODES = List.of("full", "read-only", "minimal");

  /** The documented ones, and some that are unlikely. */
  private static final List<Capability> REMOVABLE =
      List.of(
          Capability.CAP_CHOWN,
          Capability.CAP_DAC_OVERRIDE,
          Capability.CAP_DAC_READ_SEARCH,
          Capability.CAP_FOWNER,
          Capability.CAP_KILL,
          Capability.CAP_NET_ADMIN,
          Capability.CAP_SETFCAP,
          Capability.CAP_SETGID,
          Capability.CAP_SETUID,
          Capability.CAP_SYSLOG,
          Capability.CAP_SYS_ADMIN,
          Capability.CAP_SYS_CHROOT,
          Capability.CAP_SYS_PTRACE,
          Capability.CAP_SYS_RESOURCE);

  private static final List<List<String>> VARIANTS =
      List.of(
          List.of(),
          List.of("--modules", "network-interfaces,kernel-stacks"),
          List.of("--user", "testuser"),
          List.of("--no-remount"),
          List.of("--installer-url", "https://example.org/install.sh"));

  private static final List<List<String>> MORE_VARIANTS =
      List.of(
          List.of("--modules", "none"),
          List.of("--modules", "auto,kernel-stacks"),
          List.of("--modules", "container-metrics"),
          List.of("--non-root-mode", "false"),
          List.of("--install-path", "/data/agent", "--runtime-path", "/data/lib"),
          List.of("--container-root", "docker=/data/docker", "--crio", "--features", "none"));

  @TempDir private Path files;

  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void readFilesOfTheTest() throws IOException {
    kernel.filesystem(files);
    Path home = Files.createDirectories(files.resolve("smartagent"));
    Files.writeString(home.resolve("agent.options"), "");
    Files.writeString(home.resolve("SHA256SUMS"), "");
  }

  private static DaemonSetPlan manifestPlan(List<String> words) {
    List<ModuleDefinition> catalog = ModuleCatalog.modules();
    ManifestOptionsParser.Result parsed = ManifestOptionsParser.parse(words, catalog);
    assertThat(parsed.problems()).isEmpty();
    return DaemonSetPlanner.plan(parsed.options(), catalog);
  }

  static Stream<List<String>> unprivileged() {
    List<List<String>> options = new ArrayList<>();
    for (String mode : MODES) {
      for (List<String> variant : VARIANTS) {
        options.add(words(mode, variant, List.of("--unprivileged")));
        for (Capability capability : REMOVABLE) {
          boolean impossible =
              capability == Capability.CAP_SYS_CHROOT && variant.contains("--no-remount");
          if (!impossible) {
            options.add(words(mode, variant, List.of("--without", capability.shortName())));
          }
        }
        options.add(words(mode, variant, List.of("--without", "SETUID", "NET_ADMIN", "SYS_ADMIN")));
      }
      for (List<String> variant : MORE_VARIANTS) {
        options.add(words(mode, variant, List.of("--unprivileged")));
        options.add(words(mode, variant, List.of("--without", "SYS_ADMIN")));
      }
    }
    return options.stream();
  }

  static Stream<List<String>> privileged() {
    return MODES.stream()
        .flatMap(mode ->
            Stream.concat(VARIANTS.stream(), MORE_VARIANTS.stream())
                .map(variant -> words(mode, variant, List.of())));
  }

  private static List<String> words(String mode, List<String> variant, List<String> more) {
    List<String> words = new ArrayList<>(List.of("--mode", mode));
    words.addAll(variant);
    words.addAll(more);
    return words;
  }

  @ParameterizedTest
  @MethodSource("unprivileged")
  void launchesWithNoCapabilityTooMany(List<String> words) {
    DaemonSetPlan manifest = manifestPlan(words);
    JsonTree plan = launch(manifest);

    assertThat(plan.get("problems").items()).isEmpty();
    assertThat(plan.get("decision").text()).isEqualTo("launch");
    assertThat(plan.get("capabilities").get("surplus").texts()).isEmpty();
    assertSameModules(manifest, plan);
    assertSameUser(manifest, plan);
  }

  @ParameterizedTest
  @MethodSource("privileged")
  void launchesPrivileged(List<String> words) {
    DaemonSetPlan manifest = manifestPlan(words);
    JsonTree plan = launch(manifest);

    assertThat(plan.get("decision").text()).isEqualTo("launch");
    assertSameModules(manifest, plan);
    assertSameUser(manifest, plan);
  }

  @Test
  void sealsReadOnlyAndMinimalHosts() {
    for (String mode : List.of("read-only", "minimal")) {
      JsonTree plan = launch(manifestPlan(List.of("--mode", mode, "--unprivileged")));

      assertThat(plan.get("mode").text()).isEqualTo(mode);
      assertThat(plan.get("seal").get("kind").text() + plan.get("seal").text()).contains("remount");
    }
  }

  private static void assertSameModules(DaemonSetPlan manifest, JsonTree plan) {
    Map<String, String> promised =
        manifest.modules().stream()
            .collect(
                Collectors.toMap(
                    module -> module.id(),
                    module -> module.source().map(source -> source.name()).orElse("")));
    Map<String, String> planned = new HashMap<>();
    for (JsonTree module : plan.get("modules").items()) {
      if (promised.containsKey(module.get("id").text())) {
        planned.put(module.get("id").text(), module.get("source").text());
      } else {
        assertThat(module.get("state").text()).isEqualTo("disabled");
      }
    }
    assertThat(planned).isEqualTo(promised);
  }

  private static void assertSameUser(DaemonSetPlan manifest, JsonTree plan) {
    JsonTree user = plan.get("user");
    assertThat(user.get("root").isTrue()).isEqualTo(manifest.user().root());
    if (!manifest.user().root()) {
      String name = manifest.user().made() ? "smartagent" : manifest.user().named().orElseThrow();
      assertThat(user.get("name").text()).isEqualTo(name);
    }
  }

  /** Returns what {@code plan --assume} says of the container that the YAML describes. */
  private JsonTree launch(DaemonSetPlan plan) {
    Map<?, ?> pod = podOf(Manifest.yaml(plan, List.of()));
    Map<?, ?> container = (Map<?, ?>) list(pod, "containers").getFirst();
    List<String> words =
        new ArrayList<>(list(container, "args").stream().map(String::valueOf).toList());
    words.removeFirst();
    words.addAll(List.of("--format", "json", "--assume", assumptions(pod, container)));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      ExitStatus status =
          new SimulatedPlan(
                  kernel,
                  ModuleCatalog.modules(),
                  new Terminal(output, OutputStream.nullOutputStream(), false))
              .run(CommandLine.parse(Command.PLAN, words), environment(container));
      JsonTree result = JsonTree.parse(output.toByteArray());
      assertThat(status).as(output.toString(StandardCharsets.UTF_8)).isEqualTo(ExitStatus.OK);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<?, ?> podOf(String yaml) {
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      Map<?, ?> object = (Map<?, ?>) document;
      if ("DaemonSet".equals(object.get("kind"))) {
        return map(map(map(object, "spec"), "template"), "spec");
      }
    }
    throw new AssertionError("no DaemonSet in " + yaml);
  }

  private String assumptions(Map<?, ?> pod, Map<?, ?> container) {
    Map<?, ?> security = map(container, "securityContext");
    List<String> facts = new ArrayList<>(List.of("kernel=6.12", "userns=initial"));
    assertThat(security.get("runAsUser")).as("the image's own user, root, starts it").isNull();
    facts.add("uid=0");
    facts.add("hostPID=" + pod.get("hostPID"));
    facts.add("hostNetwork=" + pod.get("hostNetwork"));
    facts.add("mounts=" + mountinfo(container));
    facts.add(
        "serviceAccount="
            + (list(pod, "volumes").toString().contains("api-access") ? "projected" : "none"));
    if (Boolean.TRUE.equals(security.get("privileged"))) {
      facts.add("caps=privileged");
      return String.join(",", facts);
    }
    List<String> added =
        list(map(security, "capabilities"), "add").stream().map(String::valueOf).toList();
    facts.add("caps=none" + added.stream().map(name -> "+" + name).collect(Collectors.joining()));
    facts.add("nnp=" + Boolean.FALSE.equals(security.get("allowPrivilegeEscalation")));
    facts.add("seccomp=" + (isUnconfined(security, "seccompProfile") ? "none" : "docker"));
    facts.add(
        "lsm="
            + (isUnconfined(security, "appArmorProfile") ? "none" : "cri-containerd.apparmor.d"));
    return String.join(",", facts);
  }

  private static boolean isUnconfined(Map<?, ?> security, String profile) {
    return "Unconfined".equals(map(security, profile).get("type"));
  }

  private static Map<String, String> environment(Map<?, ?> container) {
    Map<String, String> environment = new HashMap<>();
    for (Object entry : list(container, "env")) {
      Map<?, ?> variable = (Map<?, ?>) entry;
      if (variable.containsKey("value")) {
        environment.put(
            String.valueOf(variable.get("name")), String.valueOf(variable.get("value")));
      }
    }
    return environment;
  }

  private record Mount(boolean readOnly, String type) {}

  /** What a container runtime makes of the volumes; host paths are bound with what is below. */
  private String mountinfo(Map<?, ?> container) {
    SortedMap<String, Mount> mounts = new TreeMap<>();
    mounts.put("/", new Mount(true, "overlay"));
    for (Object each : list(container, "volumeMounts")) {
      Map<?, ?> mount = (Map<?, ?>) each;
      String path = String.valueOf(mount.get("mountPath"));
      boolean readOnly = Boolean.TRUE.equals(mount.get("readOnly"));
      mounts.put(path, new Mount(readOnly, typeOf(path)));
      if (path.equals("/mnt/root")) {
        for (String below : List.of("/proc", "/sys", "/dev")) {
          mounts.putIfAbsent(path + below, new Mount(readOnly, typeOf(path + below)));
        }
      }
    }
    List<String> paths = List.copyOf(mounts.keySet());
    StringBuilder text = new StringBuilder();
    mounts.forEach((path, mount) ->
        text.append(paths.indexOf(path) + 1)
            .append(' ')
            .append(parent(paths, path) + 1)
            .append(" 0:")
            .append(paths.indexOf(path) + 1)
            .append(" / ")
            .append(path)
            .append(mount.readOnly() ? " ro" : " rw")
            .append(" - ")
            .append(mount.type())
            .append(" none rw\n"));
    try {
      Files.writeString(files.resolve("mountinfo"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/mountinfo";
  }

  private static int parent(List<String> paths, String path) {
    int parent = 0;
    for (int i = 1; i < paths.size() && !paths.get(i).equals(path); i++) {
      parent = path.startsWith(paths.get(i) + "/") ? i : parent;
    }
    return parent;
  }

  private static String typeOf(String path) {
    return switch (path) {
      case "/mnt/root/proc" -> "proc";
      case "/mnt/root/sys" -> "sysfs";
      case "/mnt/root/dev" -> "devtmpfs";
      default -> "ext4";
    };
  }

  private static Map<?, ?> map(Map<?, ?> map, String key) {
    return map.get(key) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> found ? found : List.of();
  }
}
