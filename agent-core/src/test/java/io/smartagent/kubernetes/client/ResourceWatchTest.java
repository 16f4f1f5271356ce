package io.smartagent.kubernetes.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that has no WebSockets, so that the client takes a plain answer instead. */
final class ResourceWatchTest {

  private static final String END = "";

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicLong clock = new AtomicLong(1);
  private HttpServer server;
  private ResourceWatch<Pod, String> watch;
  private volatile int code = 200;
  private volatile boolean silent;

  private static String pod(String name, String version) {
    return "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"namespace\": \"shop\","
        + " \"name\": \"%s\", \"resourceVersion\": \"%s\"}}".formatted(name, version);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    Files.writeString(directory.resolve("token"), "token");
    try (InputStream certificate =
        Objects.requireNonNull(ResourceWatchTest.class.getResourceAsStream("ca.crt"))) {
      Files.write(directory.resolve("ca.crt"), certificate.readAllBytes());
    }
    ClusterAccess access =
        new ClusterAccess(
            "http://127.0.0.1:" + server.getAddress().getPort(),
            directory.toString(),
            "agents",
            "node-1");
    watch =
        new ResourceWatch<>(
            access,
            new Watched<>(
                ApiPermission.ATTRIBUTES_PODS,
                Pod::new,
                client -> client.pods().inAnyNamespace(),
                pod -> pod.getMetadata().getResourceVersion()),
            ClusterClient::of,
            WatchTiming.STANDARD,
            clock::get,
            new Random(7));
  }

  @AfterEach
  void stop() {
    watch.close();
    events.add(END);
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean watches = exchange.getRequestURI().getQuery().contains("watch=true");
      if (!watches) {
        lists.incrementAndGet();
      }
      if (silent) {
        events.take();
      }
      if (code != 200) {
        exchange.sendResponseHeaders(code, -1);
      } else if (watches && exchange.getRequestHeaders().containsKey("Sec-WebSocket-Key")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (watches) {
        sendEvents(exchange);
      } else {
        byte[] list =
            ("{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\":"
                    + " \"1\"}, \"items\": ["
                    + pod("web", "1")
                    + "]}")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(200, list.length);
        exchange.getResponseBody().write(list);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendEvents(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.sendResponseHeaders(200, 0);
    // Until anything comes the client does not know that the watch holds.
    String first = "{\"type\": \"BOOKMARK\", \"object\": " + pod("", "1") + "}\n";
    exchange.getResponseBody().write(first.getBytes(UTF_8));
    exchange.getResponseBody().flush();
    for (String event = events.take(); !event.equals(END); event = events.take()) {
      exchange.getResponseBody().write((event + "\n").getBytes(UTF_8));
      exchange.getResponseBody().flush();
    }
  }

  private void change(String type, String pod) {
    events.add("{\"type\": \"" + type + "\", \"object\": " + pod + "}");
  }

  private void pollUntilKnown(Map<String, String> objects) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          watch.poll();
          assertThat(watch.objects()).isEqualTo(objects);
        });
  }

  private ApiFailure pollUntilFailed() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              watch.poll();
              return watch.failure();
            },
            failure -> failure != null);
  }

  private void pollUntilWell() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          watch.poll();
          return watch.isListed() && watch.failure() == null;
        });
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void knowsWhatIsThereAndFollowsChanges() {
    pollUntilKnown(Map.of("shop/web", "1"));
    change("ADDED", pod("db", "2"));
    pollUntilKnown(Map.of("shop/web", "1", "shop/db", "2"));
    change("MODIFIED", pod("web", "3"));
    change("DELETED", pod("db", "4"));
    pollUntilKnown(Map.of("shop/web", "3"));
    pollUntilWell();
    assertThat(lists).hasValue(1);
  }

  @Test
  void waitsBeforeItAsksAgain() {
    code = 403;
    assertThat(pollUntilFailed().kind()).isEqualTo(ApiFailure.Kind.FORBIDDEN);
    assertThat(watch.isListed()).isFalse();
    assertThat(watch.poll()).isFalse();
    assertThat(lists).hasValue(1);
    pass(Duration.ofMillis(499));
    watch.poll();
    assertThat(lists).hasValue(1);
    code = 200;
    pass(Duration.ofMillis(1001));
    pollUntilWell();
    assertThat(watch.objects()).isEqualTo(Map.of("shop/web", "1"));
  }

  @Test
  void waitsLongerAfterEachFailure() {
    code = 500;
    pollUntilFailed();
    for (int failures = 2; failures < 8; failures++) {
      pass(Duration.ofMinutes(2));
      int expected = failures;
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            watch.poll();
            assertThat(lists).hasValue(expected);
          });
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> {
            watch.poll();
            return watch.isWaiting();
          });
    }
    pass(Duration.ofSeconds(29));
    watch.poll();
    assertThat(lists).hasValue(7);
  }

  @Test
  void keepsWhatItKnowsWhereTheWatchEnds() {
    pollUntilKnown(Map.of("shop/web", "1"));
    pollUntilWell();
    code = 503;
    events.add(END);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          pass(Duration.ofSeconds(1));
          watch.poll();
          return watch.failure() != null;
        });
    assertThat(watch.objects()).isEqualTo(Map.of("shop/web", "1"));
    code = 200;
    pass(Duration.ofMinutes(2));
    pollUntilWell();
  }

  @Test
  void givesUpWhereNothingIsAnswered() {
    silent = true;
    watch.poll();
    pass(Duration.ofMinutes(1));
    watch.poll();
    ApiFailure failure = Objects.requireNonNull(watch.failure());
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.TIMEOUT);
    assertThat(failure.fault()).contains("pods");
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoAccount() throws IOException {
    Files.delete(directory.resolve("ca.crt"));
    assertThat(pollUntilFailed().kind()).isEqualTo(ApiFailure.Kind.NO_ACCOUNT);
    assertThat(lists).hasValue(0);
  }
}
