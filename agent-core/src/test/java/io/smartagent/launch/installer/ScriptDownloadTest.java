package io.smartagent.launch.installer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.DownloadSettings;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Secret;
import io.smartagent.launch.LaunchFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptDownloadTest {

  private static final String TOKEN = "t0ken";
  private static final String SCRIPT = "#!/bin/sh\necho ä\n";
  private static final String SHA256 =
      "f9c9ef3f1ed73d1d1b4b0a56e6cd2e65a1f1a5ed3b4c5b9d5cfe3b2a0fd3b1a0";

  @TempDir private static Path directory;
  private static TestCertificates certificates;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private ScriptSite site;
  private Duration progress = Duration.ofMinutes(1);
  private boolean trustsAll;
  private boolean trusting = true;
  private Optional<String> sha256 = Optional.empty();
  private Map<String, String> environment = Map.of();

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.in(directory);
  }

  @BeforeEach
  void start() throws Exception {
    site = new ScriptSite(certificates.server("good"));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private void server(String certificate) throws Exception {
    site.close();
    site = new ScriptSite(certificates.server(certificate));
  }

  private String fetch() throws Exception {
    String url = site.url("/agent.sh?key=q5ery");
    DownloadSettings settings =
        new DownloadSettings(
            new Secret(url),
            DownloadSettings.withoutSecrets(url),
            Optional.of(new Secret(TOKEN)),
            trustsAll,
            Optional.empty(),
            sha256);
    List<X509Certificate> trusted =
        trusting
            ? CertificateFile.certificates(Files.readAllBytes(certificates.caFile()))
            : List.of();
    Trust trust = trustsAll ? Trust.inAll() : Trust.in(trusted);
    ScriptServer server = new ScriptServer(trust, new ProxyChoice(environment));
    try (FetchedScript script =
        new ScriptDownload(settings, server, log::add, progress, Duration.ofMillis(10)).fetch()) {
      Path copy = Files.createTempFile(directory, "script", "");
      try (var target = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        script.copyTo(target);
      }
      return Files.readString(copy);
    }
  }

  private String failure() {
    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::fetch);
    assertThat(failure).isNotNull();
    assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    String message = String.valueOf(failure.getMessage());
    assertThat(message)
        .startsWith("The installer was not fetched, and nothing was installed. ")
        .doesNotContain("q5ery")
        .doesNotContain(TOKEN);
    assertThat(String.join("\n", log)).doesNotContain("q5ery").doesNotContain(TOKEN);
    return message;
  }

  @Test
  void fetchesFromATrustedServerWithTheToken() throws Exception {
    site.thenScript(SCRIPT);

    assertThat(fetch()).isEqualTo(SCRIPT);
    assertThat(site.tokens()).containsExactly(Optional.of("Bearer " + TOKEN));
  }

  @Test
  void leavesNoFile() throws Exception {
    site.thenScript(SCRIPT);
    fetch();

    assertThat(Path.of("/dev/shm")).isDirectoryNotContaining("glob:**/smartagent-*");
  }

  @Test
  void doesNotTrustAnUnknownAuthority() {
    trusting = false;
    site.thenScript(SCRIPT);

    assertThat(failure())
        .contains("the server's certificate is not signed by a trusted authority")
        .contains("SMARTAGENT_INSTALLER_CA_FILE");
    assertThat(site.tokens()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "other, the server's certificate is for another name",
    "expired, the server's certificate has expired"
  })
  void doesNotTrustACertificateThatDoesNotFit(String certificate, String message) throws Exception {
    server(certificate);
    site.thenScript(SCRIPT);

    assertThat(failure()).contains(message).contains("SMARTAGENT_INSTALLER_CA_FILE");
    assertThat(site.tokens()).isEmpty();
    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "other", "expired"})
  void acceptsAnyCertificateIfConfigured(String certificate) throws Exception {
    trustsAll = true;
    server(certificate);
    site.thenScript(SCRIPT);

    assertThat(fetch()).isEqualTo(SCRIPT);
  }

  @ParameterizedTest
  @CsvSource({
    "401, SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN",
    "403, SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN",
    "404, SMARTAGENT_INSTALLER_SCRIPT_URL",
    "204, SMARTAGENT_INSTALLER_SCRIPT_URL",
    "304, SMARTAGENT_INSTALLER_SCRIPT_URL"
  })
  void asksOnlyOnceWhereTheAnswerWillStay(int status, String remedy) {
    site.thenStatus(status);

    assertThat(failure()).contains("answers with status " + status + ".").contains(remedy);
    assertThat(site.tokens()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void asksAgainWhereTheAnswerMayPass(int status) throws Exception {
    site.thenStatus(status).thenStatus(status).thenScript(SCRIPT);

    assertThat(fetch()).isEqualTo(SCRIPT);
    assertThat(log)
        .hasSize(2)
        .allMatch(
            line -> line.contains("answers with status " + status + ". It is tried again in"));
  }

  @Test
  void givesUpAfterTheFifthTime() {
    site.thenStatus(503);

    assertThat(failure()).contains("answers with status 503. It was tried 5 times.");
    assertThat(site.tokens()).hasSize(5);
  }

  @Test
  void waitsAsLongAsTheServerWants() throws Exception {
    site.thenStatus(503, "Retry-After", "1").thenScript(SCRIPT);
    long start = System.nanoTime();

    assertThat(fetch()).isEqualTo(SCRIPT);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(log).singleElement().asString().contains("tried again in 1.0 s (2 of 5)");
  }

  @Test
  void takesNoPartForTheWhole() throws Exception {
    byte[] half = "#!/bin/sh\nrm -rf /tmp".getBytes(UTF_8);
    site.thenPart(half, 100).thenScript(SCRIPT);

    assertThat(fetch()).isEqualTo(SCRIPT);
    assertThat(log)
        .singleElement()
        .asString()
        .contains("Only 21 of 100 bytes of https://localhost");
  }

  @Test
  void takesNoChunkedPartForTheWhole() {
    site.then(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(SCRIPT.getBytes(UTF_8));
      exchange.getResponseBody().flush();
      throw new IOException("cut off");
    });

    assertThat(failure()).contains("It was tried 5 times.");
  }

  @Test
  void refusesWhatIsTooLargeAtOnce() {
    site.thenPart(new byte[10], (64 << 20) + 1);

    assertThat(failure()).contains("is larger than 64 MB.");
    assertThat(site.tokens()).hasSize(1);
  }

  @Test
  void refusesWhatTurnsOutToBeTooLarge() {
    site.then(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < 70; i++) {
        exchange.getResponseBody().write(part);
      }
    });

    assertThat(failure()).contains("is larger than 64 MB.");
  }

  @Test
  void refusesAnotherScript() {
    sha256 = Optional.of(SHA256);
    site.thenScript(SCRIPT);

    assertThat(failure())
        .contains("is not the script that was meant: its SHA-256 is ")
        .contains("SMARTAGENT_INSTALLER_SHA256 is " + SHA256);
    assertThat(site.tokens()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"'', is empty", "' <!DOCTYPE html>', is a page", "'\u007fELF\u0002', is a program"})
  void refusesWhatIsNoScript(String content, String message) {
    site.thenScript(content);

    assertThat(failure()).contains(message);
  }

  @Test
  void followsARedirectOnTheSameServerWithTheToken() throws Exception {
    site.thenStatus(302, "Location", "/there").thenScript(SCRIPT);

    assertThat(fetch()).isEqualTo(SCRIPT);
    assertThat(site.tokens())
        .containsExactly(Optional.of("Bearer " + TOKEN), Optional.of("Bearer " + TOKEN));
  }

  @Test
  void givesTheTokenToNoOtherServerNorBackToTheFirst() throws Exception {
    try (ScriptSite other = new ScriptSite(certificates.server("good"))) {
      site.thenStatus(307, "Location", other.url("/a")).thenScript(SCRIPT);
      other.thenStatus(308, "Location", site.url("/b"));

      assertThat(fetch()).isEqualTo(SCRIPT);
      assertThat(site.tokens()).containsExactly(Optional.of("Bearer " + TOKEN), Optional.empty());
      assertThat(other.tokens()).containsExactly(Optional.empty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/a?x=q5ery", "ftp://h/", "https://me:q5ery@h/"})
  void followsNoRedirectThatIsNotToHttps(String location) {
    site.thenStatus(301, "Location", location);

    assertThat(failure()).contains("is redirected to \"");
  }

  @Test
  void followsNoRedirectToNowhere() {
    site.thenStatus(301);

    assertThat(failure()).contains("is redirected to nowhere.");
  }

  @Test
  void followsNoRedirectsWithoutEnd() {
    site.thenStatus(301, "Location", "/again");
    assertThat(failure()).contains("is redirected more than 5 times.");
  }

  @Test
  void reportsProgress() throws Exception {
    progress = Duration.ofMillis(50);
    CountDownLatch reported = new CountDownLatch(1);
    site.then(exchange -> {
      exchange.sendResponseHeaders(200, 20);
      exchange.getResponseBody().write("#!/bin/sh\n".getBytes(UTF_8));
      exchange.getResponseBody().flush();
      try {
        assertThat(reported.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.getResponseBody().write("# the rest".getBytes(UTF_8));
    });
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              while (log.stream().noneMatch(line -> line.contains("10 of 20 bytes (50 %)"))) {
                Thread.onSpinWait();
              }
              reported.countDown();
            });

    assertThat(fetch()).endsWith("# the rest");
    reader.join();
  }

  @Test
  void reportsARefusedConnection() {
    site.thenScript(SCRIPT);
    site.close();

    assertThat(failure())
        .contains("the connection is refused or there is no route")
        .contains("It was tried 5 times.");
  }

  @Test
  void goesThroughAProxyThatSeesNothing() {
    site.thenScript(SCRIPT);
    environment = Map.of("HTTPS_PROXY", "http://127.0.0.1:1");

    assertThat(failure()).contains("the connection is refused or there is no route");
    assertThat(site.tokens()).isEmpty();
  }

  @Test
  void refusesAProxyThatItCannotUse() {
    environment = Map.of("HTTPS_PROXY", "http://me:" + TOKEN + "@h:1");

    assertThat(failure()).contains("HTTPS_PROXY is no address");
  }
}
