package io.smartagent.launch;

import static io.smartagent.kernel.capability.Capability.CAP_AUDIT_WRITE;
import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_FOWNER;
import static io.smartagent.kernel.capability.Capability.CAP_FSETID;

import io.smartagent.config.ExitStatus;
import io.smartagent.host.HostUser;
import io.smartagent.host.HostUsers;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.plan.NewAccount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes an account on the host with the host's own programs: they know its locks, its shadow files
 * and the caches to invalidate. Nothing is believed of what they say: the accounts are read again,
 * and only an account that is as planned will do.
 */
final class HostAccounts {

  /** What they write to belongs to root, and to group shadow: the rest is for odd modes. */
  private static final CapabilitySet CAPABILITIES =
      CapabilitySet.of(
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_DAC_READ_SEARCH,
          CAP_FOWNER,
          CAP_FSETID,
          CAP_AUDIT_WRITE);

  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/");

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Another start that makes the same account may hold the lock, or be between its two steps. */
  private static final int ATTEMPTS = 3;

  private static final int PASSWD_LIMIT = 64 << 20;

  private final Kernel kernel;
  private final HostChanges changes;
  private final Consumer<String> output;
  private final Runner runner;

  /** Runs a program of the host, and returns its exit status. */
  @FunctionalInterface
  interface Runner {
    int run(List<String> words, Consumer<String> output) throws ErrnoException;
  }

  /**
   * @param output gets what the programs print
   */
  HostAccounts(Kernel kernel, HostChanges changes, Consumer<String> output) {
    this(
        kernel,
        changes,
        output,
        (words, lines) ->
            new HostCommand(kernel, lines).run(words, ENVIRONMENT, CAPABILITIES, TIMEOUT));
  }

  HostAccounts(Kernel kernel, HostChanges changes, Consumer<String> output, Runner runner) {
    this.kernel = kernel;
    this.changes = changes;
    this.output = output;
    this.runner = runner;
  }

  /** Makes the account, inside the host's root, where no other start has made it meanwhile. */
  void create(NewAccount account) throws ErrnoException, LaunchFailure {
    List<String> said = new ArrayList<>();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (isThere(account)) {
        return;
      }
      said.clear();
      if (account.makesGroup() && accounts().gid(account.user().name()).isEmpty()) {
        run(groupWords(account), "Group", account, said);
      }
      run(userWords(account), "User", account, said);
      if (isThere(account)) {
        return;
      }
    }
    throw notMade(account, said);
  }

  private void run(List<String> words, String made, NewAccount account, List<String> said)
      throws ErrnoException {
    int status =
        runner.run(
            words,
            line -> {
              output.accept(line);
              said.add(line);
            });
    if (status != 0) {
      said.add("\"" + String.join(" ", words) + "\" ended with status " + status);
      return;
    }
    // Another process may use it by now.
    changes.stays(
        made
            + " \""
            + account.user().name()
            + "\" was made on the host and stays there: the next start uses it.");
  }

  private static List<String> groupWords(NewAccount account) {
    String name = account.user().name();
    String gid = Integer.toUnsignedString(account.user().gid());
    String program = account.tool().addGroup();
    return switch (account.tool().kind()) {
      case SHADOW -> List.of(program, "--system", "--gid", gid, name);
      case BUSYBOX -> List.of(program, "-S", "-g", gid, name);
    };
  }

  /** The records of logins are not touched: they are in /var, which may be sealed by now. */
  private static List<String> userWords(NewAccount account) {
    String name = account.user().name();
    String uid = Integer.toUnsignedString(account.user().uid());
    String gid = Integer.toUnsignedString(account.user().gid());
    String program = account.tool().addUser();
    String home = account.user().home();
    String shell = account.shell();
    return switch (account.tool().kind()) {
      case SHADOW ->
          List.of(
              program,
              "--system",
              "--uid",
              uid,
              "--gid",
              gid,
              "--no-create-home",
              "--no-log-init",
              "--home-dir",
              home,
              "--shell",
              shell,
              name);
      case BUSYBOX ->
          List.of(program, "-S", "-D", "-H", "-h", home, "-s", shell, "-G", name, "-u", uid, name);
    };
  }

  private HostUsers accounts() throws ErrnoException {
    try (Descriptor root = kernel.filesystem().openDirectory("/")) {
      return new HostUsers(text(root, "/etc/passwd"), text(root, "/etc/group"));
    }
  }

  private String text(Descriptor root, String path) throws ErrnoException {
    try (Descriptor file = kernel.filesystem().openInRoot(root, path)) {
      return new String(kernel.filesystem().readAll(file, PASSWD_LIMIT), StandardCharsets.UTF_8);
    }
  }

  private boolean isThere(NewAccount account) throws ErrnoException, LaunchFailure {
    Optional<HostUser> found = accounts().byName(account.user().name());
    if (found.isPresent() && !isSame(found.get(), account.user())) {
      throw new LaunchFailure(
          ExitStatus.UNAVAILABLE,
          "User \""
              + account.user().name()
              + "\" is on the host as "
              + ids(found.get())
              + ", and "
              + ids(account.user())
              + " was planned: another process made it meanwhile. Nothing was started. Start again:"
              + " then it is used as it is.");
    }
    return found.isPresent();
  }

  private static boolean isSame(HostUser one, HostUser other) {
    return one.uid() == other.uid()
        && one.gid() == other.gid()
        && one.groups().equals(other.groups());
  }

  private static String ids(HostUser user) {
    return Integer.toUnsignedString(user.uid()) + ":" + Integer.toUnsignedString(user.gid());
  }

  private static LaunchFailure notMade(NewAccount account, List<String> said) {
    return new LaunchFailure(
        ExitStatus.UNAVAILABLE,
        "User \""
            + account.user().name()
            + "\" could not be made on the host"
            + (said.isEmpty() ? "" : ": " + String.join("; ", said))
            + ". Nothing was started. Look at /etc on the host (a full disk, an immutable file, a lock"
            + " that was left behind), make a user there yourself and name it with --user, or pass"
            + " --non-root-mode false.");
  }
}
