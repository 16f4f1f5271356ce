package io.smartagent.integration;

import static io.smartagent.integration.Launches.CONFIGURATION;
import static io.smartagent.integration.Launches.UNAVAILABLE;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.ScriptServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another agent is installed by its own script and started, or all is as it was before. */
final class InstallerIT {

  private static final String TOKEN = "3f0c-a-token-that-must-stay-secret-91b7";
  private static final String QUERY = "a-query-that-must-stay-secret";

  @TempDir private static Path directory;
  private static Path keys;

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private final HostRoot root = HostRoot.busybox();
  private ScriptServer server;

  @BeforeAll
  static void makeKeys() {
    keys = ScriptServer.makeKeys(directory);
  }

  @BeforeEach
  void startServer() {
    server = afterwards.close(new ScriptServer(keys, "good"));
  }

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Launcher launcher() {
    return Launcher.on(root)
        .user("agent")
        .environment("SMARTAGENT_INSTALLER_SCRIPT_URL", server.url("/agent.sh?key=" + QUERY))
        .environment("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", TOKEN)
        .environment("SMARTAGENT_INSTALLER_CA_FILE", "/ca.pem")
        .option("-v", directory.resolve("ca.pem") + ":/ca.pem:ro");
  }

  /** A script that installs an agent which prints {@code version} and its own credentials. */
  private static String script(String version, String... before) {
    return """
    #!/bin/sh
    set -eu
    %s
    home=$SMARTAGENT_INSTALL_PATH/smartagent
    mkdir -p "$home/bin" "$home/lib"
    printf '#!/bin/sh\\necho version %s\\nid -u\\ngrep CapEff /proc/self/status\\nenv\\n' >"$home/bin/start"
    echo %s >"$home/lib/one"
    echo %s >"$home/lib/two"
    chmod 755 "$home/bin/start"
    echo installed %s
    """
        .formatted(String.join("\n", before), version, version, version, version);
  }

  /** What the installation directory holds, as another program lists it. */
  private String installed() {
    return Programs.run(
            "sh",
            "-c",
            "cd \"$1\" && find . -printf '%y %m %U:%G %p\\n' | sort && find . -type f | sort | xargs -r md5sum",
            "sh",
            root.installHere().toString())
        .orFail()
        .out();
  }

  @Test
  void installsAndStartsTheAgentAsTheUserAndNotAgain() throws IOException {
    server.serving(script("one", "id -u", "env", "umask", "pwd"));

    Completed first = succeeded(launcher().environment("FROM_YAML", "kept").config());

    assertThat(first.out().lines()).contains("version one", "1500", "FROM_YAML=kept", "USER=agent");
    assertThat(first.error().lines())
        .contains("installer: 0", "installer: installed one", "installer: 0022")
        .contains("installer: SMARTAGENT_USER=agent", "installer: SMARTAGENT_UID=1500");
    assertThat(first.error().lines().filter(line -> line.matches("installer: [A-Z_0-9]+=.*")))
        .extracting(line -> line.replaceAll("installer: |=.*", ""))
        .isSubsetOf(
            "PATH",
            "HOME",
            "LANG",
            "PWD",
            "TMPDIR",
            "OLDPWD",
            "SHLVL",
            "SMARTAGENT_INSTALL_PATH",
            "SMARTAGENT_RUNTIME_PATH",
            "SMARTAGENT_USER",
            "SMARTAGENT_UID",
            "SMARTAGENT_GID");
    assertThat(server.requests()).containsExactly("/agent.sh Bearer " + TOKEN);
    assertThat(root.installHere().toFile().list()).containsExactly("smartagent");

    Completed second = succeeded(launcher().config());
    assertThat(second.out()).startsWith("version one");
    assertThat(second.error()).contains("it is not run again").doesNotContain("installer: ");

    server.serving(script("two"));
    assertThat(succeeded(launcher().config()).out()).startsWith("version two");
    for (Completed launch : List.of(first, second)) {
      assertNowhere(launch.everything());
    }
    assertNowhere(Files.readString(root.runtimeHere().resolve("launch.json")));
    assertThat(
            Programs.run(
                    "grep",
                    "-rlE",
                    TOKEN + "|" + QUERY,
                    root.path().toString(),
                    root.installHere().toString(),
                    root.runtimeHere().toString())
                .out())
        .isEmpty();
  }

  private static void assertNowhere(String text) {
    assertThat(text).doesNotContain(TOKEN).doesNotContain(QUERY);
  }

  @Test
  void needsNoServerWhereThePinnedScriptIsInstalled() throws Exception {
    String script = script("one");
    server.serving(script);
    Path copy = Files.writeString(root.scratch().resolve("script"), script);
    String digest = Programs.run("sha256sum", copy.toString()).orFail().out().substring(0, 64);
    assertThat(
            refused(
                launcher().environment("SMARTAGENT_INSTALLER_SHA256", "0".repeat(64)).config(),
                UNAVAILABLE))
        .isNotNull();
    assertThat(installed()).doesNotContain("smartagent");
    succeeded(launcher().environment("SMARTAGENT_INSTALLER_SHA256", digest).config());
    server.answering(exchange -> exchange.sendResponseHeaders(500, -1));
    int asked = server.requests().size();

    Completed again =
        succeeded(launcher().environment("SMARTAGENT_INSTALLER_SHA256", digest).config());

    assertThat(again.out()).startsWith("version one");
    assertThat(server.requests()).hasSize(asked);
  }

  @ParameterizedTest
  @CsvSource({
    "alone, the server's certificate is not signed by a trusted authority",
    "other, is for another name",
    "expired, has expired"
  })
  void trustsNoOtherUnlessConfigured(String certificate, String reported) {
    server = afterwards.close(new ScriptServer(keys, certificate));
    server.serving(script("one"));
    List<String> before = root.inventory();

    refused(launcher().config(), UNAVAILABLE).contains(reported).contains("INSTALLER_CA_FILE");
    assertThat(server.requests()).isEmpty();
    assertThat(root.inventory()).isEqualTo(before);

    if (certificate.equals("other")) {
      Completed launch =
          succeeded(
              launcher().environment("SMARTAGENT_INSTALLER_SKIP_CERT_CHECK", "true").config());
      assertThat(launch.error()).contains("SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is true");
    }
  }

  @Test
  void trustsTheAuthoritiesOfTheHost() throws IOException {
    server.serving(script("one"));
    HostRoot.makeDirectory(root.path("/etc/ssl/certs"));
    Files.copy(directory.resolve("ca.pem"), root.path("/etc/ssl/certs/ca-certificates.crt"));

    succeeded(launcher().environment("SMARTAGENT_INSTALLER_CA_FILE", "").config());
  }

  @Test
  void refusesACaFileThatIsNoneBeforeAnythingElse() {
    refused(
            launcher().environment("SMARTAGENT_INSTALLER_CA_FILE", "/absent.pem").config(),
            CONFIGURATION)
        .contains("SMARTAGENT_INSTALLER_CA_FILE is \"/absent.pem\"")
        .contains("ENOENT");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void changesNothingWhereTheServerDoesNotLetItIn() {
    server.answering(exchange -> exchange.sendResponseHeaders(401, -1));
    List<String> before = root.inventory();

    Completed launch = launcher().config();

    refused(launch, UNAVAILABLE).contains("401").contains("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN");
    assertNowhere(launch.everything());
    assertThat(root.inventory()).isEqualTo(before);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void asksAgainUntilAllHasCome() {
    AtomicInteger count = new AtomicInteger();
    server.answering(exchange -> {
      switch (count.incrementAndGet()) {
        case 1 -> exchange.sendResponseHeaders(503, -1);
        case 2 -> ScriptServer.send(exchange, "#!/bin/sh\ntouch /opt/truncated\n", 1000);
        default -> ScriptServer.send(exchange, script("one"), 0);
      }
    });

    Completed launch = succeeded(launcher().config());

    assertThat(launch.out()).startsWith("version one");
    assertThat(launch.error()).contains("status 503").contains("Only 31 of 1031 bytes");
    assertThat(root.installHere().resolve("truncated")).doesNotExist();
  }

  @Test
  void sendsTheTokenToNoOtherServer() {
    ScriptServer other = afterwards.close(new ScriptServer(keys, "good"));
    other.serving(script("one"));
    server.answering(exchange -> {
      exchange.getResponseHeaders().set("Location", other.url("/elsewhere"));
      exchange.sendResponseHeaders(302, -1);
    });

    succeeded(launcher().config());

    assertThat(server.requests()).containsExactly("/agent.sh Bearer " + TOKEN);
    assertThat(other.requests()).containsExactly("/elsewhere null");
  }

  @Test
  void keepsThePreviousAgentWhateverTheScriptDoes() {
    server.serving(script("one"));
    succeeded(launcher().config());
    String before = installed();

    server.serving(script("two", "rm -rf \"$SMARTAGENT_INSTALL_PATH/smartagent\"") + "exit 7\n");
    refused(launcher().config(), UNAVAILABLE)
        .contains("ended with status 7")
        .contains("installer: installed two");
    assertThat(installed()).isEqualTo(before);

    server.serving(script("two") + "sleep 1000 & sleep 1000\n");
    refused(
            launcher().environment("SMARTAGENT_INSTALLER_TIMEOUT_SECONDS", "1").config(),
            UNAVAILABLE)
        .contains("ran for more than 1 s and was killed");
    assertThat(installed()).isEqualTo(before);

    server.serving("#!/bin/sh\ntrue\n");
    refused(launcher().config(), UNAVAILABLE)
        .contains("\"/opt/smartagent/bin/start\" is not on the host");
    assertThat(installed()).isEqualTo(before);

    server.serving("#!/usr/bin/python9\n");
    refused(launcher().config(), UNAVAILABLE).contains("\"/usr/bin/python9\", which is not on");
    assertThat(installed()).isEqualTo(before);
  }

  @Test
  void getsNoFurtherThanTheSealLetsIt() {
    List<String> before = Programs.run("find", root.path().toString()).out().lines().toList();
    server.serving(
        script(
            "one",
            "grep -E 'CapEff|NoNewPrivs' /proc/self/status",
            "for place in /etc /usr /bin / /var /srv; do",
            "  if touch $place/x 2>/dev/null; then echo wrote $place; fi",
            "done",
            "mount -o remount,rw / 2>/dev/null && echo remounted",
            "umount /tmp 2>/dev/null && echo unmounted",
            "printf 'a\\033[31mred\\r\\n'",
            "echo still here"));

    Completed launch = succeeded(launcher().config());

    assertThat(launch.error())
        .contains("installer: still here")
        .doesNotContain("wrote")
        .doesNotContain("remounted")
        .doesNotContain("unmounted")
        .contains("NoNewPrivs: 1")
        .contains("installer: a?[31mred\n");
    assertThat(Programs.run("find", root.path().toString()).out().lines())
        .containsExactlyElementsOf(before);
  }

  @Test
  void worksWithoutSysAdmin() {
    server.serving(script("one"));
    List<String> mounts =
        Stream.concat(root.readOnlyMounts().stream(), Stream.of("-v", "/proc:/mnt/root/proc"))
            .toList();

    Completed launch =
        succeeded(
            launcher()
                .mounts(mounts)
                .without("SYS_ADMIN")
                .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")
                .config());

    assertThat(launch.out().lines()).contains("version one", "1500");
  }

  @Test
  void isOldOrNewAndCompleteWheneverItIsKilled() throws Exception {
    server.serving(script("one"));
    succeeded(launcher().config());
    String one = installed();

    // Amid the script: half of it is there.
    server.serving(
        script("two", "mkdir -p /opt/smartagent/bin; touch /opt/smartagent/half; sleep 1000"));
    RunningContainer killed =
        afterwards.close(launcher().withOwnProcesses().start(List.of("config", "--user", "agent")));
    await("half an installation")
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> Files.exists(root.installHere().resolve("smartagent/half")));
    assertThat(installed()).contains(".smartagent.previous");
    Docker.docker("kill", "-s", "KILL", killed.name()).orFail();
    killed.awaitEnd();
    server.answering(exchange -> exchange.sendResponseHeaders(401, -1));
    refused(launcher().config(), UNAVAILABLE).contains("was not finished");
    assertThat(installed()).isEqualTo(one);

    // Whenever it happens.
    server.serving(script("two"));
    Path home = root.installHere().resolve("smartagent");
    for (int turn = 0; turn < 4; turn++) {
      RunningContainer container =
          launcher().withOwnProcesses().start(List.of("config", "--user", "agent"));
      try (container) {
        int seen = turn;
        await("a change")
            .atMost(RunningContainer.TIMEOUT)
            .pollInterval(java.time.Duration.ofMillis(1))
            .until(() -> !container.isRunning() || isAtChange(home, seen));
        Docker.docker("kill", "-s", "KILL", container.name());
      }
      server.answering(exchange -> exchange.sendResponseHeaders(401, -1));
      refused(launcher().config(), UNAVAILABLE);
      String lib = Files.readString(home.resolve("lib/one"));
      assertThat(lib).isIn("one\n", "two\n");
      assertThat(home.resolve("lib/two")).hasContent(lib);
      assertThat(home.resolve("bin/start")).content().contains("version " + lib.strip());
      assertThat(root.installHere().toFile().list()).containsExactly("smartagent");
      server.serving(script("two", "# " + turn));
    }
  }

  /** A different sign that the installation is under way in each turn. */
  private static boolean isAtChange(Path home, int turn) {
    return switch (turn) {
      case 0 -> Files.exists(home.resolveSibling(".smartagent.previous"));
      case 1 -> Files.exists(home.resolveSibling(".smartagent.installer"));
      case 2 ->
          Files.exists(home.resolve("lib/one"))
              && Files.exists(home.resolveSibling(".smartagent.previous"));
      default -> Files.exists(home.resolveSibling(".smartagent.obsolete"));
    };
  }

  @Test
  void letsOnlyOneStartInstallAtATime() throws Exception {
    server.serving(script("one", "sleep 2; echo ran"));
    RunningContainer first =
        afterwards.close(launcher().start(List.of("config", "--user", "agent")));
    RunningContainer second =
        afterwards.close(launcher().start(List.of("config", "--user", "agent")));

    assertThat(first.awaitEnd()).isZero();
    assertThat(second.awaitEnd()).isZero();

    String both = first.logs().everything() + second.logs().everything();
    assertThat(both.split("installer: ran", -1)).hasSize(2);
    assertThat(both).contains("it is waited for").contains("it is not run again");
  }

  @Test
  void showsNoSecretInAPlanAndChangesNothing() {
    List<String> before = root.inventory();

    assertNowhere(launcher().plan().toString());
    Completed text = launcher().planText();
    assertNowhere(text.everything());
    assertThat(text.out())
        .contains("fetch-installer", server.url("/agent.sh"), "run-installer")
        .contains("/opt/smartagent/bin/start");
    assertThat(server.requests()).isEmpty();
    assertThat(root.inventory()).isEqualTo(before);
  }

  @Test
  void isSeenWithoutTheTokenInTheAgentsProcess() throws IOException {
    server.serving(
        """
        #!/bin/sh
        mkdir -p /opt/smartagent/bin
        printf '#!/bin/sh\\nsleep 1000\\n' >/opt/smartagent/bin/start
        chmod 755 /opt/smartagent/bin/start
        """);
    RunningContainer agent =
        afterwards.close(launcher().withOwnProcesses().start(List.of("config", "--user", "agent")));
    await("the agent")
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> read("/proc/" + agent.pid() + "/cmdline").contains("bin/start"));

    assertNowhere(read("/proc/" + agent.pid() + "/environ"));
    assertNowhere(agent.logs().everything());
    // The engine knows it, as it gave it to the container; but not in its arguments.
    assertNowhere(agent.inspect("{{.Path}} {{.Args}}"));
  }

  private static String read(String file) throws IOException {
    return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
  }
}
