package io.smartagent.launch.installer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server of scripts on this machine, that answers as a test wants it to. */
public final class ScriptSite implements AutoCloseable {

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<HttpHandler> answers = new ArrayDeque<>();
  private final List<Optional<String>> tokens = new CopyOnWriteArrayList<>();

  /** Starts one. */
  public ScriptSite(SSLContext context) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Returns an address of it. */
  public String url(String path) {
    return "https://localhost:" + server.getAddress().getPort() + path;
  }

  /** Adds an answer; the last one is given again and again. */
  public ScriptSite then(HttpHandler answer) {
    answers.add(answer);
    return this;
  }

  /** Adds an answer with nothing but a status. */
  public ScriptSite thenStatus(int status, String... headers) {
    return then(exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    });
  }

  /** Adds a script. */
  public ScriptSite thenScript(String script) {
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    return thenPart(bytes, bytes.length);
  }

  /** Adds an answer that ends before all that it promises has come. */
  public ScriptSite thenPart(byte[] bytes, long promised) {
    return then(exchange -> {
      exchange.sendResponseHeaders(200, promised);
      OutputStream body = exchange.getResponseBody();
      body.write(bytes);
      body.flush();
    });
  }

  /** Returns what was sent as Authorization, once for each request. */
  public List<Optional<String>> tokens() {
    return tokens;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    tokens.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
    HttpHandler answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    // What a handler throws closes the connection as it is; to close the exchange would end its
    // body.
    answer.handle(exchange);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
