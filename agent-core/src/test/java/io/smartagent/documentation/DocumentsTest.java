package io.smartagent.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartagent.config.ExitStatus;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.probe.Blocker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code mvn test -pl agent-core -am -Dreadme.update=true} writes the tables anew. */
final class DocumentsTest {

  private static final Path REPOSITORY = Path.of("..");
  private static final Path README = REPOSITORY.resolve("README.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))`");
  private static final Pattern PACKAGE_COMMENT =
      Pattern.compile("/\\*\\*(.*?)\\*/.*?package ([\\w.]+);", Pattern.DOTALL);
  private static final List<String> SOURCES =
      List.of("agent-core/src/main/java", "native-bindings/src/main/java");

  static Stream<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String directory : List.of(".", "agent-core")) {
      try (Stream<Path> files = Files.list(REPOSITORY.resolve(directory))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(found::add);
      }
    }
    return found.stream();
  }

  private static DocumentTables tables() throws IOException {
    return new DocumentTables(ModuleCatalog.modules(), packages());
  }

  private static Map<String, String> packages() throws IOException {
    Map<String, String> packages = new TreeMap<>();
    for (String source : SOURCES) {
      try (Stream<Path> files = Files.walk(REPOSITORY.resolve(source))) {
        files
            .filter(file -> file.endsWith("package-info.java"))
            .forEach(file -> addPackage(file, packages));
      }
    }
    return packages;
  }

  private static void addPackage(Path file, Map<String, String> packages) {
    try {
      Matcher matcher = PACKAGE_COMMENT.matcher(Files.readString(file));
      assertThat(matcher.find()).as("%s has a comment", file).isTrue();
      String name = matcher.group(2).replaceFirst("io\\.smartagent\\.?", "");
      if (!name.isEmpty()) {
        packages.put(name, text(matcher.group(1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String comment) {
    return comment
        .replaceAll("\\n\\s*\\*", " ")
        .replaceAll("\\{@\\w+ ([^}]*)}", "`$1`")
        .replaceAll("\\s+", " ")
        .strip();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void hasTheTablesOfTheCode(Path document) throws IOException {
    String present = Files.readString(document);
    String expected = tables().into(present);
    if (Boolean.getBoolean("readme.update")) {
      Files.writeString(document, expected);
      return;
    }

    assertThat(present)
        .as(document + "; write it anew with mvn test -pl agent-core -am -Dreadme.update=true")
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksToFilesThatExist(Path document) throws IOException {
    assertThat(LINK.matcher(Files.readString(document)).results())
        .extracting((MatchResult link) -> document.resolveSibling(link.group(1)))
        .allMatch(Files::exists);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesTestsThatExist(Path document) throws IOException {
    List<String> tests = new ArrayList<>();
    for (String directory : List.of("agent-core/src/test", "integration-tests/src/test")) {
      try (Stream<Path> files = Files.walk(REPOSITORY.resolve(directory))) {
        files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
      }
    }

    assertThat(TEST.matcher(Files.readString(document)).results())
        .extracting(test -> test.group(1))
        .allMatch(tests::contains);
  }

  @Test
  void everyTableHasItsPlace() throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path document : documents().toList()) {
      Matcher marker =
          Pattern.compile("<!-- generated: ([a-z-]+) -->").matcher(Files.readString(document));
      marker.results().map(result -> result.group(1)).forEach(shown::add);
    }

    assertThat(shown)
        .containsOnlyOnce("modules", "host-access", "runtime-paths", "options", "capabilities")
        .containsOnlyOnce("abilities", "packages");
  }

  @Test
  void namesEveryExitCode() throws IOException {
    String options = Files.readString(Path.of("OPTIONS.md"));

    assertThat(ExitStatus.values())
        .filteredOn(status -> status != ExitStatus.OK)
        .allMatch(status -> options.contains("| " + status.code() + " |"));
  }

  @Test
  void namesEveryBlocker() throws IOException {
    String probe = Files.readString(Path.of("PROBE.md"));

    assertThat(Blocker.values()).allMatch(blocker -> probe.contains("| `" + blocker.id() + "` |"));
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void anUnknownTableIsAnError() throws IOException {
    DocumentTables tables = tables();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> tables.into("<!-- generated: nothing -->\n<!-- end -->\n"))
        .withMessageContaining("nothing");
  }
}
