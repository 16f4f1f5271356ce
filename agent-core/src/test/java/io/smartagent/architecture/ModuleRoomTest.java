package io.smartagent.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No package but a module's own names its id. */
final class ModuleRoomTest {

  private static final Path SOURCES = Path.of("src/main/java/io/smartagent");

  /** What names one all the same. An entry that is no longer needed fails the test. */
  private static final Map<String, List<String>> EXCEPTIONS =
      new TreeMap<>(
          Map.of(
              // Examples in texts for users.
              "config/Option.java", List.of("host-events", "kernel-stacks"),
              "livesettings/ConfigurationTelemetry.java", List.of("kernel-stacks"),
              "telemetry/EventStream.java", List.of("host-events"),
              // Settings of two modules, whose help names the one that users know them by.
              "module/SharedSettings.java", List.of("log-discovery"),
              // A feature of a deployment, which has its module's name by contract.
              "kubernetes/ClusterFeature.java", List.of("host-events", "kubernetes-attributes"),
              "kubernetes/manifest/ManifestOption.java", List.of("kubernetes-attributes"),
              // Whose labels decide, as the meaning of an event says.
              "modules/logdiscovery/LogDiscoveryTelemetry.java", List.of("kubernetes-attributes"),
              "kubernetes/node/StatusSummary.java", List.of("kubernetes-attributes")));

  @Test
  void noOtherPackageNamesAModule() throws IOException {
    Pattern ids =
        Pattern.compile(
            ModuleCatalog.modules().stream()
                .map(ModuleDefinition::id)
                .collect(Collectors.joining("|", "(?<![a-z-])(", ")(?![a-z-])")));
    Map<String, List<String>> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Path path = SOURCES.relativize(file);
        TreeSet<String> named = new TreeSet<>();
        Matcher matcher = ids.matcher(Files.readString(file));
        while (matcher.find()) {
          if (!path.startsWith("modules/" + matcher.group(1).replace("-", ""))) {
            named.add(matcher.group(1));
          }
        }
        if (!named.isEmpty()) {
          found.put(path.toString(), List.copyOf(named));
        }
      }
    }

    assertThat(found).isEqualTo(EXCEPTIONS);
  }
}
