package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.ExitStatus;
import io.smartagent.host.AccountTool;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.plan.NewAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostAccountsTest {

  private static final HostUser USER =
      new HostUser("smartagent", 998, 998, List.of(998), "/nonexistent");

  private static final AccountTool SHADOW =
      new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd");

  private static final AccountTool BUSYBOX =
      new AccountTool(AccountTool.Kind.BUSYBOX, "/usr/sbin/addgroup", "/usr/sbin/adduser");

  @TempDir private Path host;

  private final RecordingKernel kernel = new RecordingKernel();
  private final HostChanges changes = new HostChanges(kernel);
  private final List<String> printed = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void makeHost() throws IOException {
    Files.createDirectories(host.resolve("etc"));
    Files.writeString(host.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.writeString(host.resolve("etc/group"), "root:x:0:\n");
    kernel.filesystem(host);
  }

  private static NewAccount account(AccountTool tool) {
    return new NewAccount(USER, true, tool, "/usr/sbin/nologin");
  }

  private void add(String file, String line) {
    try {
      Files.writeString(host.resolve("etc").resolve(file), line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addUser() {
    add("passwd", "smartagent:x:998:998::/nonexistent:/usr/sbin/nologin");
  }

  /** Does what the tools do, and answers {@code status}. */
  private HostAccounts.Runner tools(int status) {
    return (words, output) -> {
      ran.add(String.join(" ", words));
      if (words.getFirst().contains("group")) {
        add("group", "smartagent:x:998:");
      } else {
        addUser();
      }
      return status;
    };
  }

  /** Does nothing but complain. */
  private HostAccounts.Runner failing(int status, String complaint) {
    return (words, output) -> {
      ran.add(String.join(" ", words));
      output.accept(complaint);
      return status;
    };
  }

  private void create(HostAccounts.Runner runner, NewAccount account) throws Exception {
    new HostAccounts(kernel, changes, printed::add, runner).create(account);
  }

  @Test
  void makesTheGroupAndThenTheUserWithExactlyThePlannedNumbers() throws Exception {
    create(tools(0), account(SHADOW));

    assertThat(ran)
        .containsExactly(
            "/usr/sbin/groupadd --system --gid 998 smartagent",
            "/usr/sbin/useradd --system --uid 998 --gid 998 --no-create-home --no-log-init"
                + " --home-dir /nonexistent --shell /usr/sbin/nologin smartagent");
    assertThat(changes.staying())
        .containsExactly(
            "Group \"smartagent\" was made on the host and stays there: the next start uses it.",
            "User \"smartagent\" was made on the host and stays there: the next start uses it.");
  }

  @Test
  void speaksBusyboxToo() throws Exception {
    create(tools(0), account(BUSYBOX));

    assertThat(ran)
        .containsExactly(
            "/usr/sbin/addgroup -S -g 998 smartagent",
            "/usr/sbin/adduser -S -D -H -h /nonexistent -s /usr/sbin/nologin -G smartagent"
                + " -u 998 smartagent");
  }

  @Test
  void makesNoGroupThatIsThere() throws Exception {
    add("group", "smartagent:x:998:");

    create(tools(0), new NewAccount(USER, false, SHADOW, "/bin/false"));

    assertThat(ran).singleElement().asString().startsWith("/usr/sbin/useradd ");
  }

  @Test
  void runsNothingWhereAnotherStartHasMadeIt() throws Exception {
    addUser();

    create(tools(0), account(SHADOW));

    assertThat(ran).isEmpty();
    assertThat(changes.staying()).isEmpty();
  }

  @Test
  void usesTheUserThatAnotherStartMadeAtTheSameTime() throws Exception {
    create(tools(9), account(SHADOW));

    assertThat(ran).hasSize(2);
    assertThat(changes.staying()).isEmpty();
  }

  @Test
  void triesAgainWhereTheFirstTryCouldNotGetTheLock() throws Exception {
    HostAccounts.Runner locked = failing(10, "cannot lock /etc/group; try again later.");
    HostAccounts.Runner works = tools(0);

    create(
        (words, output) -> (ran.size() < 2 ? locked : works).run(words, output), account(SHADOW));

    assertThat(ran).hasSize(4);
    assertThat(printed).contains("cannot lock /etc/group; try again later.");
  }

  @Test
  void saysWhatTheToolSaidAndHowItEnded() {
    LaunchFailure failure =
        catchThrowableOfType(
            LaunchFailure.class,
            () -> create(failing(1, "useradd: cannot open /etc/passwd"), account(SHADOW)));

    assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(failure.getMessage())
        .startsWith("User \"smartagent\" could not be made on the host: useradd: cannot open")
        .contains("smartagent\" ended with status 1")
        .contains("--user")
        .contains("Nothing was started.");
  }

  @Test
  void believesNoToolThatSaysItHasMadeTheUser() {
    LaunchFailure failure =
        catchThrowableOfType(
            LaunchFailure.class, () -> create(failing(0, "done"), account(SHADOW)));

    assertThat(failure).hasMessageStartingWith("User \"smartagent\" could not be made");
  }

  @Test
  void refusesAUserThatIsAnotherThanPlanned() {
    LaunchFailure failure =
        catchThrowableOfType(
            LaunchFailure.class,
            () ->
                create(
                    (words, output) -> {
                      add("passwd", "smartagent:x:0:0::/root:/bin/sh");
                      return 0;
                    },
                    account(SHADOW)));

    assertThat(failure)
        .hasMessageStartingWith(
            "User \"smartagent\" is on the host as 0:0, and 998:998 was planned");
  }

  @Test
  void givesTheToolsFewCapabilitiesAndACleanEnvironment() {
    kernel.child("/usr/sbin/groupadd", "", 0);
    kernel.child("/usr/sbin/useradd", "useradd: no\n", 3);

    LaunchFailure failure =
        catchThrowableOfType(
            LaunchFailure.class,
            () -> new HostAccounts(kernel, changes, printed::add).create(account(SHADOW)));

    assertThat(kernel.calls())
        .isNotEmpty()
        .allMatch(call -> call.startsWith("posix_spawn(\"/usr/sbin/"))
        .allMatch(call ->
            call.endsWith("\", AUDIT_WRITE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID)"));
    assertThat(failure).hasMessageContaining("useradd: no");
    assertThat(printed).contains("useradd: no");
  }
}
