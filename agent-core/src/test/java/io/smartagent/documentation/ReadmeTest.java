package io.smartagent.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartagent.config.ExitStatus;
import io.smartagent.modules.ModuleCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code mvn test -pl agent-core -am -Dreadme.update=true} writes the tables anew. */
final class ReadmeTest {

  private static final Path README = Path.of("../README.md");

  @Test
  void itsTablesSayWhatTheCodeSays() throws IOException {
    String present = Files.readString(README);
    String expected = new ReadmeTables(ModuleCatalog.modules()).into(present);
    if (Boolean.getBoolean("readme.update")) {
      Files.writeString(README, expected);
      return;
    }

    assertThat(present)
        .as("README.md; write it anew with mvn test -pl agent-core -am -Dreadme.update=true")
        .isEqualTo(expected);
  }

  @Test
  void namesEveryExitCode() throws IOException {
    String readme = Files.readString(README);

    assertThat(ExitStatus.values())
        .filteredOn(status -> status != ExitStatus.OK)
        .allMatch(status -> readme.contains("| " + status.code() + " |"));
  }

  @Test
  void aMissingMarkerIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadmeTables(ModuleCatalog.modules()).into("# No tables here\n"))
        .withMessageContaining("<!-- generated: modules -->");
  }
}
