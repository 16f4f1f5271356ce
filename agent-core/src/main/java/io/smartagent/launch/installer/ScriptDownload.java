package io.smartagent.launch.installer;

import io.smartagent.config.DownloadSettings;
import io.smartagent.config.ExitStatus;
import io.smartagent.launch.LaunchFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/**
 * Gets a script from its server: tried again where that may help, and given up in the end. Nothing
 * is run of a script that is not whole or not the one that was meant.
 */
final class ScriptDownload {

  private static final int ATTEMPTS = 5;
  private static final Duration ALL = Duration.ofMinutes(5);
  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

  private final DownloadSettings settings;
  private final ScriptServer server;
  private final Consumer<String> log;
  private final Duration progress;
  private final Duration firstPause;

  ScriptDownload(DownloadSettings settings, ScriptServer server, Consumer<String> log) {
    this(settings, server, log, PROGRESS, FIRST_PAUSE);
  }

  /**
   * @param progress interval at which progress is logged
   * @param firstPause before the second attempt; each one after is twice as long
   */
  ScriptDownload(
      DownloadSettings settings,
      ScriptServer server,
      Consumer<String> log,
      Duration progress,
      Duration firstPause) {
    this.settings = settings;
    this.server = server;
    this.log = log;
    this.progress = progress;
    this.firstPause = firstPause;
  }

  /**
   * Returns the script.
   *
   * @throws LaunchFailure if it is not available, with status {@link ExitStatus#UNAVAILABLE}
   */
  FetchedScript fetch() throws LaunchFailure {
    long deadline = System.nanoTime() + ALL.toNanos();
    FetchedScript script;
    try {
      script = FetchedScript.empty();
    } catch (IOException e) {
      throw failure(
          "There is no place for the installer: " + e.getMessage() + ".",
          "Mount an emptyDir at /tmp.");
    }
    try {
      untilItIsThere(script, deadline);
      checkDigest(script);
      checkScript(script);
      return script;
    } catch (IOException e) {
      script.close();
      throw failure("The installer cannot be read again: " + e.getMessage() + ".", "Start again.");
    } catch (LaunchFailure | RuntimeException | Error e) {
      script.close();
      throw e;
    }
  }

  private void untilItIsThere(FetchedScript script, long deadline) throws LaunchFailure {
    for (int attempt = 1; ; attempt++) {
      try {
        attempt(script, deadline);
        return;
      } catch (FetchFailure e) {
        Duration pause = pause(attempt, e);
        boolean inTime = deadline - System.nanoTime() > pause.toNanos();
        if (!e.isTemporary() || attempt == ATTEMPTS || !inTime) {
          String tried = attempt == 1 ? "" : " It was tried " + attempt + " times.";
          throw failure(e.fault() + tried, e.remedy());
        }
        log.accept(
            e.fault()
                + " It is tried again in "
                + seconds(pause)
                + " s ("
                + (attempt + 1)
                + " of "
                + ATTEMPTS
                + ").");
        sleep(pause);
      }
    }
  }

  /** Twice as long each time, and never for two nodes the same: all of a cluster start at once. */
  private Duration pause(int attempt, FetchFailure failure) {
    double factor = (1 << (attempt - 1)) * RandomGenerator.getDefault().nextDouble(0.5, 1.5);
    Duration own = Duration.ofMillis(Math.round(firstPause.toMillis() * factor));
    Duration asked = failure.retryAfter();
    Duration longer = asked.compareTo(own) > 0 ? asked : own;
    return longer.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : longer;
  }

  private static String seconds(Duration duration) {
    long tenths = (duration.toMillis() + 50) / 100;
    return tenths / 10 + "." + tenths % 10;
  }

  private static void sleep(Duration pause) throws LaunchFailure {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static LaunchFailure interrupted() {
    Thread.currentThread().interrupt();
    return new LaunchFailure(ExitStatus.INTERNAL, "The download was interrupted.");
  }

  private void attempt(FetchedScript script, long deadline) throws FetchFailure, LaunchFailure {
    Transfer transfer = new Transfer(settings, server, script);
    transfer.start();
    try {
      while (!transfer.await(progress)) {
        if (System.nanoTime() - deadline > 0) {
          transfer.abort();
          throw FetchFailure.permanent(
              settings.shownUrl()
                  + " has not come in "
                  + ALL.toMinutes()
                  + " minutes: "
                  + amount(transfer)
                  + ".",
              "Look at the network, or put the script nearer.");
        }
        log.accept("Fetching " + settings.shownUrl() + ": " + amount(transfer) + ".");
      }
    } catch (InterruptedException e) {
      transfer.abort();
      throw interrupted();
    }
    Throwable failure = transfer.failure();
    if (failure != null) {
      throw explained(failure);
    }
  }

  private static String amount(Transfer transfer) {
    long expected = transfer.expected();
    long received = transfer.received();
    return expected <= 0
        ? received + " bytes"
        : received + " of " + expected + " bytes (" + received * 100 / expected + " %)";
  }

  private FetchFailure explained(Throwable failure) {
    if (failure instanceof FetchFailure explained) {
      return explained;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    String from = settings.shownUrl() + " cannot be fetched: ";
    Optional<String> certificate = certificateFault(failure);
    if (certificate.isPresent()) {
      return FetchFailure.permanent(
          from + certificate.get() + ".",
          "Mount the certificate of the authority that signs the server's and name it with"
              + " SMARTAGENT_INSTALLER_CA_FILE; SMARTAGENT_INSTALLER_SKIP_CERT_CHECK=true accepts"
              + " any certificate.");
    }
    return FetchFailure.temporary(
        from + what(failure) + ".",
        "Check SMARTAGENT_INSTALLER_SCRIPT_URL, the cluster's DNS, network policies and"
            + " HTTPS_PROXY.",
        Optional.empty());
  }

  private static Optional<String> certificateFault(Throwable failure) {
    String found = null;
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof CertificateExpiredException) {
        return Optional.of("the server's certificate has expired");
      }
      if (e instanceof CertificateNotYetValidException) {
        return Optional.of("the server's certificate is not valid yet; check the node's clock");
      }
      if (e instanceof CertPathBuilderException) {
        found = "the server's certificate is not signed by a trusted authority";
      } else if (e instanceof CertPathValidatorException || e instanceof CertificateException) {
        found = found == null ? nameOrElse(String.valueOf(e.getMessage())) : found;
      }
    }
    return Optional.ofNullable(found);
  }

  /** It has no exception type. */
  private static String nameOrElse(String message) {
    return message.startsWith("No subject alternative") || message.startsWith("No name matching")
        ? "the server's certificate is for another name"
        : "the server's certificate is not accepted: " + message;
  }

  /** The exceptions' own texts hold the whole address here and there, with its query. */
  private String what(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "its name cannot be resolved";
    }
    if (failure instanceof SocketTimeoutException) {
      return "there was no answer within the timeout";
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return "the connection is refused or there is no route";
    }
    String message = String.valueOf(failure.getMessage());
    String shown = settings.url().removeFrom(message);
    if (settings.token().isPresent()) {
      shown = settings.token().get().removeFrom(shown);
    }
    return (failure instanceof SSLException ? "TLS fails: " : "the connection fails: ") + shown;
  }

  private void checkDigest(FetchedScript script) throws LaunchFailure {
    if (settings.sha256().isPresent() && !settings.sha256().get().equals(script.sha256())) {
      throw failure(
          settings.shownUrl()
              + " is not the script that was meant: its SHA-256 is "
              + script.sha256()
              + ", and SMARTAGENT_INSTALLER_SHA256 is "
              + settings.sha256().get()
              + ".",
          "Find out who has changed it; where it was you, change the digest too.");
    }
  }

  /** Servers like to answer with a page for people, and 200, where there is no such file. */
  private void checkScript(FetchedScript script) throws IOException, LaunchFailure {
    byte[] head = script.head();
    String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
    String kind = "";
    if (text.isEmpty()) {
      kind = "is empty";
    } else if (text.startsWith("<")) {
      kind = "is a page, not a script";
    } else if (text.startsWith("\u007fELF")) {
      kind = "is a program, not a script";
    }
    if (!kind.isEmpty()) {
      throw failure(
          settings.shownUrl() + " " + kind + ".", "Check SMARTAGENT_INSTALLER_SCRIPT_URL.");
    }
  }

  private static LaunchFailure failure(String fault, String remedy) {
    return new LaunchFailure(
        ExitStatus.UNAVAILABLE,
        "The installer was not fetched, and nothing was installed. " + fault + " " + remedy);
  }
}
