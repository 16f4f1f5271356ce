package io.smartagent.integration.machine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server of scripts on this machine, whose certificates keytool makes. */
public final class ScriptServer implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpsServer server;
  private volatile HttpHandler answer = exchange -> exchange.sendResponseHeaders(404, -1);

  /**
   * Starts a server.
   *
   * @param keys made by {@link #makeKeys}
   * @param alias of its key: good, other, expired or alone
   */
  public ScriptServer(Path keys, String alias) {
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(keys, alias)));
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes an authority, servers that it has signed, and an unsigned one, in a directory.
   *
   * @return the store of their keys; {@code ca.pem} beside it is the authority's certificate
   */
  public static Path makeKeys(Path directory) {
    Path store = directory.resolve("keys.p12");
    Path ca = directory.resolve("ca.pem");
    keytool(store, "-genkeypair", "-alias", "ca", "-dname", "CN=test", "-ext", "bc:c");
    keytool(store, "-exportcert", "-alias", "ca", "-rfc", "-file", ca.toString());
    signed(store, "good", "san=dns:localhost", "-1H");
    signed(store, "other", "san=dns:other.example.com", "-1H");
    signed(store, "expired", "san=dns:localhost", "-3d");
    keytool(
        store, "-genkeypair", "-alias", "alone", "-dname", "CN=alone", "-ext", "san=dns:localhost");
    return store;
  }

  private static void signed(Path store, String alias, String name, String from) {
    keytool(
        store,
        "-genkeypair",
        "-alias",
        alias,
        "-signer",
        "ca",
        "-dname",
        "CN=" + alias,
        "-ext",
        name,
        "-startdate",
        from,
        "-validity",
        "1");
  }

  private static void keytool(Path store, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(words));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    if (words[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC"));
    }
    Programs.run(command).orFail();
  }

  private static SSLContext context(Path keys, String alias)
      throws IOException, GeneralSecurityException {
    char[] password = PASSWORD.toCharArray();
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      all.load(in, password);
    }
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /** Returns an address of it. */
  public String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  /** Has it answer so from now on. */
  public ScriptServer answering(HttpHandler handler) {
    answer = handler;
    return this;
  }

  /** Has it answer with a script from now on. */
  public ScriptServer serving(String script) {
    return answering(exchange -> send(exchange, script, 0));
  }

  /** Sends a script, and promises more bytes than it has. */
  public static void send(HttpExchange exchange, String script, int more) throws IOException {
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length + more);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
  }

  /** Returns path and Authorization of each request so far. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(
        exchange.getRequestURI().getPath()
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization"));
    try (exchange) {
      answer.handle(exchange);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
