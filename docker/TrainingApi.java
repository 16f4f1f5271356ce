import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * As much of a server of Kubernetes' API as the agent needs to load what it loads on a node: it
 * lists one object of each kind, reports a change of it by WebSocket, and accepts what is written.
 * For docker/train-caches, which runs it by "java docker/TrainingApi.java KEYSTORE PASSWORD".
 *
 * <p>It prints its port, and then the path of each watch.
 */
final class TrainingApi {

  private static final String METADATA =
      """
      "metadata": {"name": "training", "namespace": "default", "uid": "1", "resourceVersion": "1",
        "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"app": "training", "kubernetes.io/service-name": "training"},
        "annotations": {"app": "training"},
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "training-1",
          "uid": "2", "controller": true}],
        "managedFields": [{"manager": "training", "operation": "Update", "apiVersion": "v1",
          "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {}}}]}
      """;

  private static final String POD =
      """
      "spec": {"nodeName": "training", "restartPolicy": "Always", "serviceAccountName": "default",
        "securityContext": {}, "tolerations": [{"operator": "Exists"}],
        "volumes": [{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}],
        "containers": [{"name": "app", "image": "app", "env": [{"name": "A", "value": "a"}],
          "ports": [{"containerPort": 80}], "resources": {"requests": {"cpu": "10m", "memory": "1Mi"}},
          "volumeMounts": [{"name": "token", "mountPath": "/t"}]}]},
      "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}],
        "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}],
        "containerStatuses": [{"name": "app", "image": "app", "imageID": "app", "ready": true,
          "restartCount": 0, "started": true, "containerID": "containerd://1111",
          "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}, "lastState": {}}]}
      """;

  private static final String SLICE =
      """
      "addressType": "IPv4", "ports": [{"name": "http", "port": 80, "protocol": "TCP"}],
      "endpoints": [{"addresses": ["10.0.0.1"], "nodeName": "training",
        "conditions": {"ready": true, "serving": true, "terminating": false},
        "targetRef": {"kind": "Pod", "namespace": "default", "name": "training", "uid": "1"}}]
      """;

  private TrainingApi() {}

  /** What is served at a path. */
  private record Kind(String name, String apiVersion, String fields) {

    static Kind of(String path) {
      String plural = path.substring(path.lastIndexOf('/') + 1);
      return switch (plural) {
        case "pods" -> new Kind("Pod", "v1", POD);
        case "endpointslices" -> new Kind("EndpointSlice", "discovery.k8s.io/v1", SLICE);
        case "namespaces" -> new Kind("Namespace", "v1", "\"spec\": {}, \"status\": {\"phase\": \"Active\"}");
        default -> new Kind("ConfigMap", "v1", "\"data\": {}");
      };
    }

    String object() {
      return "{\"kind\": \"%s\", \"apiVersion\": \"%s\", %s, %s}"
          .formatted(name, apiVersion, METADATA, fields)
          .replace("\n", " ");
    }

    String list() {
      return "{\"kind\": \"%sList\", \"apiVersion\": \"%s\", \"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [%s]}"
          .formatted(name, apiVersion, object());
    }
  }

  private record Request(String method, String target, Map<String, String> headers, String body) {

    String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }

  public static void main(String[] arguments) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    char[] password = arguments[1].toCharArray();
    try (InputStream file = new FileInputStream(arguments[0])) {
      keys.load(file, password);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    try (SSLServerSocket server =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      say(Integer.toString(server.getLocalPort()));
      while (true) {
        SSLSocket connection = (SSLSocket) server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(connection));
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void serve(SSLSocket connection) {
    try (connection) {
      DataInputStream in = new DataInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      for (Request request = read(in); request != null; request = read(in)) {
        String key = request.headers().get("sec-websocket-key");
        if (key != null) {
          watch(request, key, in, out);
          return;
        }
        answer(request, out);
      }
    } catch (Exception e) {
      // The client has gone.
    }
  }

  private static Request read(DataInputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    byte[] body = new byte[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
    in.readFully(body);
    String[] words = first.split(" ", 3);
    return new Request(words[0], words[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static void answer(Request request, OutputStream out) throws IOException {
    boolean reads = request.method().equals("GET");
    String text = reads ? Kind.of(request.path()).list() : request.body();
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(reads ? "200 OK" : "201 Created", body.length);
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(body);
    out.flush();
  }

  /** RFC 6455, without messages of more than 64 KiB. */
  private static void watch(Request request, String key, DataInputStream in, OutputStream out)
      throws Exception {
    byte[] accepted =
        MessageDigest.getInstance("SHA-1")
            .digest(
                (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.UTF_8));
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(accepted)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    for (String type : new String[] {"MODIFIED", "BOOKMARK"}) {
      String event =
          "{\"type\": \"" + type + "\", \"object\": " + Kind.of(request.path()).object() + "}";
      send(out, 0x81, event.getBytes(StandardCharsets.UTF_8));
    }
    say(request.path());
    while (true) {
      int opcode = in.readUnsignedByte() & 0xf;
      byte[] payload = payload(in);
      if (opcode == 8) {
        send(out, 0x88, payload);
        return;
      }
      if (opcode == 9) {
        send(out, 0x8a, payload);
      }
    }
  }

  private static void send(OutputStream out, int start, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(start);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.write(payload);
    out.write(frame.toByteArray());
    out.flush();
  }

  private static byte[] payload(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    }
    byte[] mask = new byte[4];
    in.readFully(mask);
    byte[] payload = new byte[length];
    in.readFully(payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return payload;
  }
}
