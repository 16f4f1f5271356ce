package io.smartagent.modules.kubernetesattributes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ResourceWatch;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.PodDirectory;
import io.smartagent.module.PodIdentity;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.TestModuleContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that tells no pods, but the endpoints of Services. */
final class KubernetesAttributesTest {

  private static final String LIST =
      "{\"kind\": \"EndpointSliceList\", \"apiVersion\": \"discovery.k8s.io/v1\", \"metadata\":"
          + " {\"resourceVersion\": \"1\"}, \"items\": []}";

  /** Until anything comes the client does not know that the watch holds. */
  private static final String BOOKMARK =
      "{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"EndpointSlice\", \"apiVersion\":"
          + " \"discovery.k8s.io/v1\", \"metadata\": {\"resourceVersion\": \"1\"}}}\n";

  private static final int PATIENCE = 400;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private TestModuleContext context;
  private int waits;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    Files.writeString(directory.resolve("token"), "token");
    try (InputStream certificate =
        Objects.requireNonNull(ResourceWatch.class.getResourceAsStream("ca.crt"))) {
      Files.write(directory.resolve("ca.crt"), certificate.readAllBytes());
    }
    context =
        new TestModuleContext("informers", new LinuxKernel(), "")
            .with(
                new ClusterAccess(
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    directory.toString(),
                    "agents",
                    "node-1"));
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      if (exchange.getRequestURI().getPath().endsWith("/pods")) {
        exchange.sendResponseHeaders(403, -1);
      } else if (!query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(LIST.getBytes(UTF_8));
      } else if (exchange.getRequestHeaders().containsKey("Sec-WebSocket-Key")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(BOOKMARK.getBytes(UTF_8));
        exchange.getResponseBody().flush();
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitSlices() throws InterruptedException {
    Double stale = context.value("smartagent_kubernetes_stale", "endpointslices");
    if ((stale == null || stale > 0) && waits++ < PATIENCE) {
      // The module's own thread looks again here, and nothing else wakes it.
      Thread.sleep(50);
      context.then(this::awaitSlices);
    }
  }

  @Test
  void keepsThePodsThatWereKnownBeforeItsStart() throws Exception {
    PodIdentity pod =
        new PodIdentity(
            "u", "web", "shop", "node-1", null, "Pod", "web", List.of(), Map.of(), Map.of(),
            Map.of());
    PodDirectory pods = context.containers().pods();
    pods.replace(Map.of("u", pod), Map.of());
    // By another filter, so that nothing would be left of it.
    context.with(ModuleSettings.DEFAULTS.with(SharedSettings.LOG_UNKNOWN_PODS, "exclude"));
    // The second one lets the module take in what it has been told by then.
    context.then(this::awaitSlices).then(() -> {});

    context.run(new KubernetesAttributes());

    assertThat(context.value("smartagent_kubernetes_stale", "endpointslices")).isZero();
    assertThat(context.value("smartagent_kubernetes_stale", "pods")).isEqualTo(1);
    assertThat(pods.find("u")).isEqualTo(pod);
  }
}
