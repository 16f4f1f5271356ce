package io.smartagent.telemetry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.smartagent.results.ResultStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers by HTTP: metrics, health, status, a page for people. Changes nothing. */
public final class StatusServer {

  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=utf-8";

  private static final String RESULTS = "/results/";

  /**
   * The JDK's server reads a request on a thread of its pool. So that slow clients cannot occupy
   * them all, there are as many as there may be connections; those that idle end.
   */
  private static final int CONNECTIONS = 64;

  /** What {@link HttpExchange#sendResponseHeaders} takes for lengths that are none. */
  private static final int NO_BODY = -1;

  private static final int UNKNOWN_LENGTH = 0;

  private static final int BUFFER = 16_384;

  private static final int IDLE_THREADS = 1;
  private static final long STACK_SIZE = 256 * 1024;

  private final HttpServer server;
  private final ThreadPoolExecutor pool;
  private final PrometheusRegistry metrics;
  private final Supplier<StatusReport> report;
  private final ResultStore results;
  private final StatusPage statusPage = new StatusPage();

  private record Answer(int status, String type, Body body) {

    static Answer ok(String type, String body) {
      return new Answer(200, type, new Body.Text(body));
    }

    static Answer text(int status, String text) {
      return new Answer(status, TEXT, new Body.Text(text + "\n"));
    }
  }

  private sealed interface Body {

    /** A few kilobytes, whose length is sent first. */
    record Text(String text) implements Body {}

    /**
     * What may have megabytes on a host with many containers: never whole in memory, and compressed
     * for a client that can read that.
     */
    record Stream(Writer writer) implements Body {}

    /** A result, which is compressed already if that is of use. */
    record File(ResultStore.Opened opened) implements Body {}
  }

  @FunctionalInterface
  private interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Binds the address, so that a conflict shows at once; answers nothing before {@link #start}.
   *
   * @param metrics what {@code /metrics} shows
   * @param report what the agent reports about itself now
   * @param results served at {@code /results/NAME}
   * @throws IOException where the address cannot be bound; its message has the cause
   */
  public StatusServer(
      InetSocketAddress address,
      PrometheusRegistry metrics,
      Supplier<StatusReport> report,
      ResultStore results)
      throws IOException {
    this.results = results;
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

  private Answer answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.text(405, "Only GET and HEAD are answered here.");
    }
    String path = exchange.getRequestURI().getPath();
    if (path != null && path.startsWith(RESULTS)) {
      return result(path.substring(RESULTS.length()));
    }
    return switch (path) {
      case "/" -> Answer.ok(HTML, statusPage.write(report.get()));
      case "/healthz" -> Answer.text(200, "ok");
      case "/readyz" -> readiness();
      case "/status" ->
          Answer.ok(
              JSON,
              new String(StatusJson.toJson(report.get(), results.list()), StandardCharsets.UTF_8));
      case "/metrics" ->
          new Answer(200, PrometheusTextFormatWriter.CONTENT_TYPE, new Body.Stream(metrics()));
      case null, default ->
          Answer.text(
              404, "There are /, /healthz, /readyz, /metrics, /status and /results/NAME here.");
    };
  }

  /** Whatever the file's content, a browser saves it: because of {@code Content-Disposition}. */
  private Answer result(String name) throws IOException {
    ResultStore.Opened opened = results.read(name);
    return opened == null
        ? Answer.text(404, "There is no result \"" + name + "\". /status lists them.")
        : new Answer(200, opened.result().mediaType(), new Body.File(opened));
  }

  private Answer readiness() {
    String blocker = report.get().notReadyBecause();
    return blocker.isEmpty() ? Answer.text(200, "ok") : Answer.text(503, blocker);
  }

  /** What is scraped is asked for before the answer begins: its failure can still be reported. */
  private Writer metrics() {
    MetricSnapshots snapshots = metrics.scrape();
    return out ->
        PrometheusTextFormatWriter.create()
            .write(out, snapshots, EscapingScheme.UNDERSCORE_ESCAPING);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Content-Security-Policy", StatusPage.CONTENT_SECURITY_POLICY);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    switch (answer.body()) {
      case Body.Text text -> sendText(exchange, answer.status(), text.text(), head);
      case Body.Stream stream -> sendStream(exchange, answer.status(), stream.writer(), head);
      case Body.File file -> sendFile(exchange, file.opened(), head);
    }
  }

  private static void sendText(HttpExchange exchange, int status, String text, boolean head)
      throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, content.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(content);
    }
  }

  private static void sendFile(HttpExchange exchange, ResultStore.Opened opened, boolean head)
      throws IOException {
    String name = opened.result().name();
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
    try (SeekableByteChannel channel = opened.channel()) {
      long length = channel.size();
      if (head) {
        headers.set("Content-Length", Long.toString(length));
      }
      exchange.sendResponseHeaders(200, head || length == 0 ? NO_BODY : length);
      if (!head && length > 0) {
        try (OutputStream body = exchange.getResponseBody()) {
          Channels.newInputStream(channel).transferTo(body);
        }
      }
    }
  }

  private static void sendStream(HttpExchange exchange, int status, Writer writer, boolean head)
      throws IOException {
    boolean compressed = acceptsGzip(exchange.getRequestHeaders());
    exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
    if (compressed) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    }
    if (head) {
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, UNKNOWN_LENGTH);
    try (OutputStream body = new BufferedOutputStream(exchange.getResponseBody(), BUFFER);
        OutputStream out = compressed ? new GZIPOutputStream(body, BUFFER) : body) {
      writer.write(out);
    }
  }

  /** As Prometheus requests it; a quality of zero means "not acceptable". */
  private static boolean acceptsGzip(Headers request) {
    return request.getOrDefault("Accept-Encoding", List.of()).stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(String::strip)
        .anyMatch(
            coding -> coding.equals("gzip") || coding.matches("gzip *; *q=(1|0\\.\\d*[1-9]).*"));
  }
}
