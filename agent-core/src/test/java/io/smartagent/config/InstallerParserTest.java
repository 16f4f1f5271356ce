package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InstallerParserTest {

  private static final String URL = "https://get.example.com/agent.sh?key=q5ery#part";

  private final Map<String, String> environment = new TreeMap<>();

  private SettingsParser.Result parse() {
    return SettingsParser.parse(Map.of(), environment, List.of());
  }

  private InstallerSettings installer() {
    environment.putIfAbsent("SMARTAGENT_INSTALLER_SCRIPT_URL", URL);
    assertThat(parse().problems()).isEmpty();
    return parse().settings().installer().orElseThrow();
  }

  private void set(String name, String value) {
    environment.put("SMARTAGENT_" + name, value);
  }

  @Test
  void isNoneWithoutAUrl() {
    set("INSTALLER_DOWNLOAD_TOKEN", "t0ken");
    set("INSTALLER_SKIP_CERT_CHECK", "${ssl}");

    assertThat(parse().settings().installer()).isEmpty();
    assertThat(parse().problems()).isEmpty();
    assertThat(parse().settings().warnings()).isEmpty();
  }

  @Test
  void checksEverythingAndStartsBinStartByDefault() {
    InstallerSettings installer = installer();

    assertThat(installer.download().url().reveal()).isEqualTo(URL);
    assertThat(installer.download().shownUrl()).isEqualTo("https://get.example.com/agent.sh");
    assertThat(installer.download().token()).isEmpty();
    assertThat(installer.download().skipCertificateCheck()).isFalse();
    assertThat(installer.download().caFile()).isEmpty();
    assertThat(installer.download().sha256()).isEmpty();
    assertThat(installer.timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(installer.always()).isFalse();
    assertThat(installer.command()).containsExactly("/opt/smartagent/bin/start");
  }

  @Test
  void isWhatTheVariablesSay() {
    set("INSTALL_PATH", "/data/agent");
    set("INSTALLER_DOWNLOAD_TOKEN", " t0ken\n");
    set("INSTALLER_SKIP_CERT_CHECK", "True");
    set("INSTALLER_CA_FILE", "/etc/ca/ca.pem");
    set("INSTALLER_SHA256", "AB".repeat(32));
    set("INSTALLER_TIMEOUT_SECONDS", "60");
    set("INSTALLER_RUN", "always");
    set("AGENT_COMMAND", "agent/run --name 'a b'");

    InstallerSettings installer = installer();

    assertThat(installer.download().token().orElseThrow().reveal()).isEqualTo("t0ken");
    assertThat(installer.download().skipCertificateCheck()).isTrue();
    assertThat(installer.download().caFile()).contains("/etc/ca/ca.pem");
    assertThat(installer.download().sha256()).contains("ab".repeat(32));
    assertThat(installer.timeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(installer.always()).isTrue();
    assertThat(installer.command())
        .containsExactly("/data/agent/smartagent/agent/run", "--name", "a b");
  }

  @Test
  void takesAnAbsoluteCommandAsItIsAndAnEmptyOneForNone() {
    set("AGENT_COMMAND", "/usr/bin/agent -d");
    assertThat(installer().command()).containsExactly("/usr/bin/agent", "-d");
    set("AGENT_COMMAND", " ");
    assertThat(installer().command()).containsExactly("/opt/smartagent/bin/start");
  }

  @Test
  void showsNeitherTokenNorQuery() {
    set("INSTALLER_DOWNLOAD_TOKEN", "t0ken");

    assertThat(installer().toString()).doesNotContain("t0ken").doesNotContain("q5ery");
    assertThat(parse().toString()).doesNotContain("t0ken").doesNotContain("q5ery");
    assertThat(parse().settings().values())
        .contains(
            new SettingValue(
                "SMARTAGENT_INSTALLER_SCRIPT_URL",
                "https://get.example.com/agent.sh",
                "SMARTAGENT_INSTALLER_SCRIPT_URL"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://get.example.com/a?key=q5ery, http://get.example.com/a",
    "https://me:q5ery@get.example.com/a, https://get.example.com/a",
    "https://me:q5@ery@get.example.com/a, https://get.example.com/a",
    "https:///a, https:///a",
    "https://h:0/a, https://h:0/a",
    "https://h:70000/a, https://h:70000/a",
    "https://a b/?q5ery, https://a b/",
    "/a, /a",
    "me:q5ery@h, h"
  })
  void refusesAUrlWithoutShowingItsSecrets(String url, String shown) {
    set("INSTALLER_SCRIPT_URL", url);

    assertThat(parse().problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault())
              .isEqualTo("SMARTAGENT_INSTALLER_SCRIPT_URL is \"" + shown + "\".");
          assertThat(problem.remedy()).startsWith("It must be https://HOST[:PORT]/PATH");
        });
    assertThat(parse().settings().installer()).isEmpty();
    assertThat(parse().toString()).doesNotContain("q5ery");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    set("INSTALLER_SCRIPT_URL", "ftp://h/a");
    set("INSTALLER_DOWNLOAD_TOKEN", "t0 ken");
    set("INSTALLER_SKIP_CERT_CHECK", "${ssl}");
    set("INSTALLER_CA_FILE", "ca.pem");
    set("INSTALLER_SHA256", "abc");
    set("INSTALLER_TIMEOUT_SECONDS", "0");
    set("INSTALLER_RUN", "never");
    set("AGENT_COMMAND", "../start");

    assertThat(parse().problems())
        .extracting(Problem::fault)
        .containsExactlyInAnyOrder(
            "SMARTAGENT_INSTALLER_SCRIPT_URL is \"ftp://h/a\".",
            "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN is not shown here.",
            "SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is \"${ssl}\".",
            "SMARTAGENT_INSTALLER_CA_FILE is \"ca.pem\".",
            "SMARTAGENT_INSTALLER_SHA256 is \"abc\".",
            "SMARTAGENT_INSTALLER_TIMEOUT_SECONDS is \"0\".",
            "SMARTAGENT_INSTALLER_RUN is \"never\".",
            "SMARTAGENT_AGENT_COMMAND is \"../start\".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'bin/start", "bin/../../start", "\"\"", "bin/", "a/.."})
  void refusesACommandThatIsNone(String command) {
    set("INSTALLER_SCRIPT_URL", URL);
    set("AGENT_COMMAND", command);

    assertThat(parse().problems())
        .extracting(Problem::fault)
        .containsExactly("SMARTAGENT_AGENT_COMMAND is \"" + command + "\".");
  }

  @Test
  void warnsOfACommandWithoutAnInstaller() {
    set("AGENT_COMMAND", "bin/start");

    assertThat(parse().settings().warnings())
        .singleElement()
        .asString()
        .startsWith("SMARTAGENT_AGENT_COMMAND has no effect");
  }
}
