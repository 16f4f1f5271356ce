package io.smartagent.telemetry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers by HTTP: metrics, health, status, a page for people. Changes nothing for anybody. */
public final class StatusServer {

  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=utf-8";

  /**
   * The JDK's server reads a request on a thread of its pool. So that slow clients cannot occupy
   * them all, there are as many as there may be connections; those that idle end.
   */
  private static final int CONNECTIONS = 64;

  private static final int IDLE_THREADS = 1;
  private static final long STACK_SIZE = 256 * 1024;

  private final HttpServer server;
  private final ThreadPoolExecutor pool;
  private final PrometheusRegistry metrics;
  private final Supplier<StatusReport> report;
  private final StatusPage statusPage = new StatusPage();

  private record Answer(int status, String type, String body) {

    static Answer ok(String type, String body) {
      return new Answer(200, type, body);
    }

    static Answer text(int status, String text) {
      return new Answer(status, TEXT, text + "\n");
    }
  }

  /**
   * Binds the address, so that a conflict shows at once; answers nobody before {@link #start}.
   *
   * @param metrics what {@code /metrics} tells
   * @param report what the agent says of itself now
   * @throws IOException where the address cannot be bound; its message says why
   */
  public StatusServer(
      InetSocketAddress address, PrometheusRegistry metrics, Supplier<StatusReport> report)
      throws IOException {
    this.metrics = metrics;
    this.report = report;
    limitClients();
    server = HttpServer.create(address, 0);
    pool =
        new ThreadPoolExecutor(
            IDLE_THREADS,
            CONNECTIONS,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform()
                .name("http-", 1)
                .daemon()
                .stackSize(STACK_SIZE)
                .inheritInheritableThreadLocals(false)
                .factory());
    server.setExecutor(pool);
    server.createContext("/", this::handle);
  }

  /** The server reads these once, when its class is loaded: module jdk.httpserver. */
  private static void limitClients() {
    System.setProperty("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS));
    System.setProperty("sun.net.httpserver.maxReqTime", "2");
    System.setProperty("sun.net.httpserver.maxRspTime", "5");
    System.setProperty("sun.net.httpserver.idleInterval", "10");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "16");
    System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Starts answering; the server's threads inherit the capabilities of the calling thread. */
  public void start() {
    server.start();
  }

  /** Stops answering at once. */
  public void stop() {
    server.stop(0);
    pool.shutdownNow();
  }

  /** Returns the address that is really bound, with the port that the kernel chose. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (RuntimeException e) {
        LOG.debug("A request for {} failed.", exchange.getRequestURI().getPath(), e);
        answer = Answer.text(500, "The agent could not answer: " + e.getClass().getSimpleName());
      }
      send(exchange, answer);
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.text(405, "Only GET and HEAD are answered here.");
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/" -> Answer.ok(HTML, statusPage.write(report.get()));
      case "/healthz" -> Answer.text(200, "ok");
      case "/readyz" -> readiness();
      case "/status" ->
          Answer.ok(JSON, new String(StatusJson.toJson(report.get()), StandardCharsets.UTF_8));
      case "/metrics" -> Answer.ok(PrometheusTextFormatWriter.CONTENT_TYPE, metrics());
      case null, default ->
          Answer.text(404, "There are /, /healthz, /readyz, /metrics and /status here.");
    };
  }

  private Answer readiness() {
    String obstacle = report.get().notReadyBecause();
    return obstacle.isEmpty() ? Answer.text(200, "ok") : Answer.text(503, obstacle);
  }

  private String metrics() {
    ByteArrayOutputStream text = new ByteArrayOutputStream(8192);
    try {
      PrometheusTextFormatWriter.create()
          .write(text, metrics.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Content-Security-Policy", StatusPage.CONTENT_SECURITY_POLICY);
    byte[] content = answer.body().getBytes(StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), content.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(content);
    }
  }
}
