package io.smartagent.launch.installer;

import io.smartagent.config.DownloadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to get a script, on a separate thread: a thread that waits for it can report
 * progress, and end it.
 */
final class Transfer {

  /** A script with its payload; more would not fit into the memory of the container. */
  static final long LIMIT = 64L << 20;

  private static final int BUFFER = 64 << 10;

  private final DownloadSettings settings;
  private final ScriptServer server;
  private final FetchedScript script;

  private final Thread thread = Thread.ofPlatform().daemon().name("fetch").unstarted(this::run);

  private volatile long received;
  private volatile long expected = -1;
  private volatile @Nullable Throwable failure;

  private final Object lock = new Object();
  private @Nullable HttpsURLConnection connection;
  private volatile boolean aborted;

  Transfer(DownloadSettings settings, ScriptServer server, FetchedScript script) {
    this.settings = settings;
    this.server = server;
    this.script = script;
  }

  void start() {
    thread.start();
  }

  /**
   * Waits for its end.
   *
   * @return whether it has ended in time
   */
  boolean await(Duration timeout) throws InterruptedException {
    return thread.join(timeout);
  }

  /** Ends it. */
  void abort() {
    synchronized (lock) {
      aborted = true;
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  /** Returns how many bytes have come so far. */
  long received() {
    return received;
  }

  /** Returns how many bytes will come; -1 if the server does not report it. */
  long expected() {
    return expected;
  }

  /** Returns why it failed; null where it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    try {
      script.clear();
      ScriptServer.Answer answer = server.ask(settings, this::opened);
      script.complete(receive(answer));
    } catch (IOException | FetchFailure | RuntimeException | Error e) {
      failure = e;
    } finally {
      abort();
    }
  }

  private void opened(HttpsURLConnection opened) throws IOException {
    synchronized (lock) {
      requireNotAborted();
      connection = opened;
    }
  }

  private void requireNotAborted() throws IOException {
    if (aborted) {
      throw new IOException("it was given up");
    }
  }

  private String receive(ScriptServer.Answer answer) throws IOException, FetchFailure {
    expected = answer.connection().getContentLengthLong();
    boolean lengthIsKnown =
        expected >= 0
            || "chunked".equalsIgnoreCase(answer.connection().getHeaderField("Transfer-Encoding"));
    if (!lengthIsKnown && settings.sha256().isEmpty()) {
      throw FetchFailure.permanent(
          answer.shownUrl()
              + " does not report the length of the script, so a truncated one would not be"
              + " detected.",
          "Have the server send Content-Length, or set SMARTAGENT_INSTALLER_SHA256.");
    }
    requireFits(expected, answer.shownUrl());
    MessageDigest digest = sha256();
    try (InputStream in = answer.connection().getInputStream()) {
      byte[] buffer = new byte[BUFFER];
      long total = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        requireNotAborted();
        total += count;
        received = total;
        requireFits(received, answer.shownUrl());
        digest.update(buffer, 0, count);
        keep(ByteBuffer.wrap(buffer, 0, count));
      }
    } catch (IOException e) {
      throw cutOff(answer.shownUrl());
    }
    if (expected >= 0 && received != expected) {
      throw cutOff(answer.shownUrl());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void keep(ByteBuffer part) throws FetchFailure {
    try {
      while (part.hasRemaining()) {
        script.content().write(part);
      }
    } catch (IOException e) {
      throw FetchFailure.permanent(
          "There is no room for it in the container: " + e.getMessage() + ".",
          "Give the container more shared memory, or an emptyDir at /tmp.");
    }
  }

  private FetchFailure cutOff(String shownUrl) {
    return FetchFailure.temporary(
        "Only "
            + received
            + (expected >= 0 ? " of " + expected : "")
            + " bytes of "
            + shownUrl
            + " came.",
        "Something between here and the server cuts it off. Look at the server and its proxies.",
        Optional.empty());
  }

  private static void requireFits(long bytes, String shownUrl) throws FetchFailure {
    if (bytes > LIMIT) {
      throw FetchFailure.permanent(
          shownUrl + " is larger than " + (LIMIT >> 20) + " MB.",
          "Have the script itself fetch what is large.");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
