package io.smartagent.launch.installer;

import io.smartagent.Version;
import io.smartagent.config.DownloadSettings;
import io.smartagent.config.Secret;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/**
 * Asks for a script and follows where it is sent. The token goes to the server that the user has
 * named and to no other: a redirect may lead to storage of another owner.
 */
final class ScriptServer {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration READ = Duration.ofSeconds(30);
  private static final int MAX_REDIRECTS = 5;
  private static final int HTTPS_PORT = 443;

  private static final int TEMPORARY_REDIRECT = 307;
  private static final int PERMANENT_REDIRECT = 308;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Trust trust;
  private final ProxyChoice proxy;

  ScriptServer(Trust trust, ProxyChoice proxy) {
    this.trust = trust;
    this.proxy = proxy;
  }

  /** An answer that is a script, not read yet. */
  record Answer(HttpsURLConnection connection, String shownUrl) {}

  /**
   * Asks.
   *
   * @param opened receives each connection before it is used, so that it can be ended from
   *     elsewhere
   * @throws FetchFailure if the response is invalid
   * @throws IOException where there is no answer
   */
  Answer ask(DownloadSettings settings, Opened opened) throws IOException, FetchFailure {
    URI uri = URI.create(settings.url().reveal());
    Optional<Secret> token = settings.token();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpsURLConnection connection = open(uri, token);
      opened.is(connection);
      String shown = DownloadSettings.withoutSecrets(uri.toString());
      int status = connection.getResponseCode();
      if (!isRedirect(status)) {
        check(status, connection, shown, token.isPresent());
        return new Answer(connection, shown);
      }
      URI next = next(uri, connection, shown);
      connection.disconnect();
      if (!isSameServer(uri, next)) {
        token = Optional.empty();
      }
      uri = next;
    }
    throw FetchFailure.permanent(
        settings.shownUrl() + " is redirected more than " + MAX_REDIRECTS + " times.",
        "Name the address that the script is really at.");
  }

  /** Receives each connection before it is used. */
  @FunctionalInterface
  interface Opened {
    void is(HttpsURLConnection connection) throws IOException;
  }

  private HttpsURLConnection open(URI uri, Optional<Secret> token)
      throws IOException, FetchFailure {
    HttpsURLConnection connection;
    try {
      connection = (HttpsURLConnection) uri.toURL().openConnection(proxy.to(uri));
    } catch (IllegalArgumentException e) {
      throw FetchFailure.permanent(String.valueOf(e.getMessage()), "Correct or remove it.");
    }
    trust.applyTo(connection);
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) READ.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("User-Agent", "smartagent/" + Version.current());
    connection.setRequestProperty("Accept", "*/*");
    connection.setRequestProperty("Accept-Encoding", "identity");
    connection.setRequestProperty("Connection", "close");
    token.ifPresent(
        secret -> connection.setRequestProperty("Authorization", "Bearer " + secret.reveal()));
    return connection;
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case HttpURLConnection.HTTP_MOVED_PERM,
          HttpURLConnection.HTTP_MOVED_TEMP,
          HttpURLConnection.HTTP_SEE_OTHER,
          TEMPORARY_REDIRECT,
          PERMANENT_REDIRECT ->
          true;
      default -> false;
    };
  }

  private static URI next(URI from, HttpURLConnection connection, String shown)
      throws FetchFailure {
    String location = connection.getHeaderField("Location");
    String fault = shown + " is redirected to ";
    String remedy = "Only a redirect to another https address is followed. Correct the server.";
    if (location == null) {
      throw FetchFailure.permanent(fault + "nowhere.", remedy);
    }
    try {
      URI next = from.resolve(new URI(location));
      if ("https".equalsIgnoreCase(next.getScheme())
          && next.getHost() != null
          && next.getRawUserInfo() == null) {
        return next;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // It is reported like any other that cannot be followed.
    }
    throw FetchFailure.permanent(
        fault + '"' + DownloadSettings.withoutSecrets(location) + "\".", remedy);
  }

  private static boolean isSameServer(URI one, URI other) {
    return one.getHost().equalsIgnoreCase(other.getHost()) && port(one) == port(other);
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? HTTPS_PORT : uri.getPort();
  }

  /** The server's reason phrase is not passed on: it may repeat what it was sent. */
  private static void check(int status, HttpURLConnection connection, String shown, boolean token)
      throws FetchFailure {
    if (status == HttpURLConnection.HTTP_OK) {
      return;
    }
    String fault = shown + " answers with status " + status + ".";
    if (status == HttpURLConnection.HTTP_CLIENT_TIMEOUT
        || status == TOO_MANY_REQUESTS
        || status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
      throw FetchFailure.temporary(
          fault, "The server is not well or too busy. Look at it.", retryAfter(connection));
    }
    throw FetchFailure.permanent(
        fault,
        switch (status) {
          case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
              token
                  ? "Check SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN: the server does not accept it."
                  : "No token was sent. Set SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN, from a Secret; to"
                      + " another server than the one of the URL it is not sent.";
          case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_GONE ->
              "There is no script. Check SMARTAGENT_INSTALLER_SCRIPT_URL.";
          default -> "Only status 200 is a script. Check SMARTAGENT_INSTALLER_SCRIPT_URL.";
        });
  }

  private static Optional<Duration> retryAfter(HttpURLConnection connection) {
    String value = connection.getHeaderField("Retry-After");
    if (value == null || !value.strip().toLowerCase(Locale.ROOT).matches("[0-9]{1,6}")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())));
  }
}
