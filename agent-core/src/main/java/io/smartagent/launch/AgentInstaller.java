package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.InstallerSettings;
import io.smartagent.config.Option;
import io.smartagent.config.Secret;
import io.smartagent.config.SettingValue;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.launch.installer.CertificateFile;
import io.smartagent.launch.installer.FetchedScript;
import io.smartagent.launch.installer.Installation;
import io.smartagent.launch.installer.Interpreter;
import io.smartagent.launch.installer.TrustedDownload;
import io.smartagent.plan.InstallerStep;
import io.smartagent.plan.LaunchPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Installs another agent by its own script: what is on the host afterwards is the agent of before
 * or the new one, complete, whatever the script does and whenever this process is killed.
 */
final class AgentInstaller {

  /** Where distributions keep the certificates that their own programs trust. */
  private static final List<String> HOST_BUNDLES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/cert.pem");

  /** What another start may take for its download and its script, before one takes it for stuck. */
  private static final Duration DOWNLOAD = Duration.ofMinutes(10);

  /** The release of a lock is not reported, so it is polled. */
  private static final Duration TURN = Duration.ofMillis(200);

  /** A shorter query hides nothing, and would be found in ordinary words. */
  private static final int SHORTEST_SECRET = 8;

  private static final int WRITABLE_BY_OTHERS = 022;

  private final Kernel kernel;
  private final HostView view;
  private final LaunchPlan plan;
  private final InstallerSettings settings;
  private final Consumer<String> log;

  private @Nullable FetchedScript script;

  AgentInstaller(Kernel kernel, HostView view, LaunchPlan plan, Consumer<String> log) {
    this.kernel = kernel;
    this.view = view;
    this.plan = plan;
    this.log = log;
    settings = plan.settings().installer().orElseThrow();
  }

  /**
   * The descriptor stays open, and with it the lock, until the execve closes it: no other process
   * may replace what is to be started.
   */
  void recover(InstallerStep.RecoverInstallation step) throws ErrnoException, LaunchFailure {
    Descriptor place = openPlace(step.directory());
    requireExclusiveWriter(place, step.directory());
    lock(place, step.directory());
    requireNothingMounted(step.directory() + "/" + Installation.HOME);
    Installation installation = installation(place);
    try {
      if (installation.recover()) {
        log.accept(
            "An installation was not finished: what was in \""
                + home(step.directory())
                + "\" before is back.");
      }
    } catch (IOException e) {
      throw unavailable(
          "The installation that a start has left unfinished cannot be undone: " + e + ".",
          "Nothing was started. Look at \"" + step.directory() + "\" on the host.");
    }
    removeObsolete(installation);
    if (installation.isInTheWay()) {
      throw new LaunchFailure(
          ExitStatus.CONFIGURATION,
          "\""
              + home(step.directory())
              + "\" is no directory, and an installation replaces it. Nothing was changed. Remove"
              + " it on the host, or name another directory with SMARTAGENT_INSTALL_PATH.");
    }
  }

  private static String home(String directory) {
    return directory + "/" + Installation.HOME;
  }

  private Descriptor openPlace(String directory) throws ErrnoException {
    try (Descriptor top = openTop()) {
      return kernel.filesystem().openInRoot(top, directory);
    }
  }

  private Descriptor openTop() throws ErrnoException {
    return kernel.filesystem().openDirectory(view.root().isEmpty() ? "/" : view.root());
  }

  /**
   * The descriptor's own link: no other process can put another directory in the path meanwhile.
   */
  private static Installation installation(Descriptor place) {
    return new Installation(Path.of("/proc/self/fd/" + place.number()));
  }

  /** The script is there for a moment, and root runs it: no other user may replace it. */
  private void requireExclusiveWriter(Descriptor place, String directory)
      throws ErrnoException, LaunchFailure {
    int permissions = kernel.filesystem().status(place).permissions();
    if ((permissions & WRITABLE_BY_OTHERS) != 0) {
      throw new LaunchFailure(
          ExitStatus.CONFIGURATION,
          "Installation directory \""
              + directory
              + "\" has mode 0"
              + Integer.toOctalString(permissions)
              + ": others than root could change the installer while it runs as root. Nothing was"
              + " changed. Give it mode 0755 on the host.");
    }
  }

  private void lock(Descriptor place, String directory) throws ErrnoException, LaunchFailure {
    Duration timeout = DOWNLOAD.plus(settings.timeout());
    long deadline = System.nanoTime() + timeout.toNanos();
    for (boolean reported = false; !kernel.filesystem().tryLock(place, false); reported = true) {
      if (!reported) {
        log.accept("Another start is installing in \"" + directory + "\": it is waited for.");
      }
      if (System.nanoTime() - deadline > 0) {
        throw unavailable(
            "Another start has been installing in \""
                + directory
                + "\" for "
                + timeout.toMinutes()
                + " minutes.",
            "Find the container that does, and end it.");
      }
      try {
        Thread.sleep(TURN);
      } catch (InterruptedException e) {
        throw new ErrnoException("flock(\"" + directory + "\")", Errno.EINTR);
      }
    }
  }

  /** A mount cannot be renamed with the directory that it is on, and must not be emptied. */
  private void requireNothingMounted(String home) throws ErrnoException, LaunchFailure {
    List<MountPoint> mounts = kernel.mounts().table().visibleBelow(view.root() + home);
    if (!mounts.isEmpty()) {
      throw new LaunchFailure(
          ExitStatus.CONFIGURATION,
          "Something is mounted at \""
              + mounts.getFirst().path()
              + "\", and every installation replaces \""
              + home
              + "\". Nothing was changed. Mount the directory above it instead, at \"/mnt/root"
              + plan.settings().root().installPath()
              + "\".");
    }
  }

  void fetch() throws ErrnoException, LaunchFailure {
    if (settings.download().sha256().isPresent()
        && isInstalled(settings.download().sha256().get())) {
      log.accept(
          "The agent of the script with SMARTAGENT_INSTALLER_SHA256 is installed already: nothing"
              + " is fetched.");
      return;
    }
    script =
        TrustedDownload.fetch(
            settings.download(),
            settings.download().caFile().isEmpty() || settings.download().skipCertificateCheck()
                ? new byte[0]
                : kernel
                    .filesystem()
                    .readAll(settings.download().caFile().get(), CertificateFile.LIMIT),
            hostBundles(),
            System.getenv(),
            log);
  }

  private List<byte[]> hostBundles() throws ErrnoException {
    List<byte[]> bundles = new ArrayList<>();
    try (Descriptor top = openTop()) {
      for (String path : HOST_BUNDLES) {
        try (Descriptor file = kernel.filesystem().openInRoot(top, path)) {
          bundles.add(kernel.filesystem().readAll(file, CertificateFile.LIMIT));
        } catch (ErrnoException none) {
          // Another distribution's, then.
        }
      }
    }
    return bundles;
  }

  private boolean isInstalled(String sha256) throws ErrnoException {
    if (settings.always()) {
      return false;
    }
    try (Descriptor place = openPlace(plan.settings().root().installPath())) {
      return isMarked(place, madeBy(sha256))
          && whatIsWrongWithProgram(settings.command().getFirst()).isEmpty();
    }
  }

  /** Not opened before it is known to be a file: opening a FIFO would block. */
  private boolean isMarked(Descriptor place, String digest) throws ErrnoException {
    try (Descriptor mark = kernel.filesystem().locateLinkInRoot(place, Installation.MARKED)) {
      if (kernel.filesystem().status(mark).type() != FileType.REGULAR) {
        return false;
      }
    } catch (ErrnoException neverInstalled) {
      return false;
    }
    try (Descriptor mark = kernel.filesystem().openInRoot(place, Installation.MARKED)) {
      return kernel.filesystem().status(mark).type() == FileType.REGULAR
          && Installation.isMark(
              kernel.filesystem().readStart(mark, Installation.MAX_MARK_LENGTH), digest);
    }
  }

  /** The digest of a script and of its variables but the node, which is the host's own. */
  private String madeBy(String sha256) {
    StringBuilder all = new StringBuilder(sha256);
    for (String variable : scriptVariables()) {
      if (!variable.startsWith(Option.NODE_NAME.variable() + "=")) {
        all.append('\0').append(variable);
      }
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(all.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  void run(InstallerStep.RunInstaller step) throws ErrnoException, LaunchFailure {
    if (script == null) {
      return;
    }
    try (FetchedScript fetched = script;
        Descriptor place = openPlace(step.directory())) {
      if (isInstalled(fetched.sha256())) {
        log.accept(
            "The agent of this script (SHA-256 "
                + fetched.sha256()
                + ") is installed already: it is not run again.");
        return;
      }
      install(step, fetched, installation(place));
    }
  }

  private void install(
      InstallerStep.RunInstaller step, FetchedScript fetched, Installation installation)
      throws ErrnoException, LaunchFailure {
    List<String> words = new ArrayList<>();
    try {
      Interpreter interpreter = Interpreter.of(fetched.head());
      requireInterpreter(interpreter, step.capabilities());
      words.add(interpreter.path());
      words.addAll(interpreter.arguments());
      words.add(step.directory() + "/" + Installation.SCRIPT);
    } catch (IOException e) {
      throw unavailable("The installer cannot be read again: " + e + ".", "Start again.");
    }
    try {
      installation.begin();
      installation.writeScript(fetched);
      execute(step, words, step.directory() + "/" + installation.makeTemporary());
      installation.removeScript();
      requireProgram(step);
      installation.commit(madeBy(fetched.sha256()));
    } catch (IOException e) {
      undo(installation);
      throw unavailable(
          "The agent was not installed: " + e + ". The previous installation is kept.",
          "Look at the space and the mount of \"" + step.directory() + "\" on the host.");
    } catch (ErrnoException | LaunchFailure e) {
      undo(installation);
      throw e;
    }
    log.accept("The agent is installed in \"" + home(step.directory()) + "\".");
    removeObsolete(installation);
  }

  /** It only takes space on the host. */
  private void removeObsolete(Installation installation) {
    try {
      installation.removeObsolete();
    } catch (IOException e) {
      log.accept(
          "What an installation has left could not be removed yet: "
              + e
              + ". The next start tries.");
    }
  }

  /** There is a worse error to report already, and the next start tries it again. */
  private void undo(Installation installation) {
    try {
      installation.recover();
    } catch (IOException e) {
      log.accept(
          "What was installed before could not be brought back yet: "
              + e
              + ". The next start does.");
    }
    removeObsolete(installation);
  }

  private void requireInterpreter(Interpreter interpreter, CapabilitySet capabilities)
      throws ErrnoException, LaunchFailure {
    if (interpreter.hasCarriageReturn()) {
      throw unavailable(
          "The installer's first line ends with a carriage return, as on Windows. Nothing was"
              + " installed.",
          "Store the script with the line ends of Unix.");
    }
    String fault = whatIsWrongWith(interpreter.path(), HostUser.ROOT, capabilities);
    if (!fault.isEmpty()) {
      throw unavailable(
          "The installer is to be run by \""
              + interpreter.path()
              + "\", which "
              + fault
              + ". Nothing was installed.",
          "Install that program on the host, or start the script with another one in its first"
              + " line.");
    }
  }

  private void execute(InstallerStep.RunInstaller step, List<String> words, String temporary)
      throws ErrnoException, LaunchFailure {
    log.accept("Running the installer from " + settings.download().shownUrl() + ".");
    int status;
    try {
      status =
          new HostCommand(kernel, line -> log.accept("installer: " + line), secrets())
              .run(words, environment(temporary), step.capabilities(), settings.timeout());
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ETIMEDOUT) {
        throw e;
      }
      throw unavailable(
          "The installer ran for more than "
              + settings.timeout().toSeconds()
              + " s and was killed. The previous installation is kept.",
          "Set SMARTAGENT_INSTALLER_TIMEOUT_SECONDS to more, or find out what it waits for.");
    }
    if (status != 0) {
      throw unavailable(
          "The installer ended with status " + status + ". The previous installation is kept.",
          "Look at what it has printed above.");
    }
  }

  /** A server may write what it was sent into the script that it sends. */
  private List<Secret> secrets() {
    List<Secret> secrets = new ArrayList<>();
    settings.download().token().ifPresent(secrets::add);
    String url = settings.download().url().reveal();
    String query = url.substring(url.indexOf('?') + 1);
    if (url.indexOf('?') >= 0 && query.length() >= SHORTEST_SECRET) {
      secrets.add(new Secret(query));
    }
    return secrets;
  }

  /** Neither /tmp nor root's own directory need be there, be writable or have room. */
  private List<String> environment(String temporary) {
    List<String> variables = new ArrayList<>();
    variables.add(Program.PATH);
    variables.add("HOME=" + temporary);
    variables.add("TMPDIR=" + temporary);
    variables.add("LANG=C");
    variables.addAll(scriptVariables());
    return variables;
  }

  private List<String> scriptVariables() {
    HostUser user = plan.user().user();
    List<String> variables = new ArrayList<>();
    variables.add("SMARTAGENT_INSTALL_PATH=" + plan.settings().root().installPath());
    variables.add("SMARTAGENT_RUNTIME_PATH=" + plan.settings().root().runtimePath());
    variables.add("SMARTAGENT_USER=" + user.name());
    variables.add("SMARTAGENT_UID=" + Integer.toUnsignedString(user.uid()));
    variables.add("SMARTAGENT_GID=" + Integer.toUnsignedString(user.gid()));
    for (SettingValue setting : plan.settings().values()) {
      boolean ofKubernetes =
          setting.name().equals(Option.NODE_NAME.variable())
              || setting.name().equals(Option.NAMESPACE.variable());
      if (ofKubernetes && !setting.value().isEmpty()) {
        variables.add(setting.name() + "=" + setting.value());
      }
    }
    return variables;
  }

  private void requireProgram(InstallerStep.RunInstaller step)
      throws ErrnoException, LaunchFailure {
    String fault = whatIsWrongWithProgram(step.program());
    if (!fault.isEmpty()) {
      throw unavailable(
          "The installer ended well, but \""
              + step.program()
              + "\" "
              + fault
              + ". The previous installation is kept.",
          "Name what it installs with SMARTAGENT_AGENT_COMMAND.");
    }
  }

  private String whatIsWrongWithProgram(String path) throws ErrnoException {
    return whatIsWrongWith(path, plan.user().user(), plan.capabilities().kept());
  }

  private String whatIsWrongWith(String path, HostUser user, CapabilitySet capabilities)
      throws ErrnoException {
    try (Descriptor top = openTop()) {
      return new ProgramAccess(kernel, top, user, capabilities).fault(path);
    }
  }

  private static LaunchFailure unavailable(String fault, String remedy) {
    return new LaunchFailure(ExitStatus.UNAVAILABLE, fault + " " + remedy);
  }
}
