package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Docker.docker;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A container that goes on until it is closed. */
public final class RunningContainer implements AutoCloseable {

  /** For what takes a second: the machine may be busy with other things too. */
  public static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  RunningContainer(String name, int port) {
    this.name = name;
    this.port = port;
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns the id that the engine gave it. */
  public String id() {
    return inspect("{{.Id}}");
  }

  /** Returns the number of its first process on this machine. */
  public long pid() {
    return Long.parseLong(inspect("{{.State.Pid}}"));
  }

  /** Returns whether it has not ended. */
  public boolean isRunning() {
    return inspect("{{.State.Running}}").equals("true");
  }

  /** Returns one of the things that Docker knows of it. */
  public String inspect(String template) {
    return docker("inspect", "-f", template, name).orFail().out().strip();
  }

  /** Returns what it has written so far. */
  public Completed logs() {
    return docker("logs", name).orFail();
  }

  /** Returns the events that it has written so far. */
  public List<JsonNode> events() {
    List<JsonNode> events = new ArrayList<>();
    for (String line : logs().out().lines().toList()) {
      events.add(parse(line));
    }
    return events;
  }

  /**
   * Waits until the agent says that it is ready, and returns this. Where it fails a person has to
   * close this all the same.
   */
  public RunningContainer awaitReady() {
    await("readiness of " + name)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(100))
        .conditionEvaluationListener(condition -> {
          if (!isRunning()) {
            throw new AssertionError("ended before it was ready: " + logs());
          }
        })
        .until(() -> get("/readyz").map(HttpResponse::statusCode).equals(Optional.of(200)));
    return this;
  }

  /** Returns what the agent answers; nothing where it does not. */
  public Optional<HttpResponse<String>> get(String path) {
    try {
      return Optional.of(
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              BodyHandlers.ofString()));
    } catch (IOException noAnswer) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns what the agent says of itself. */
  public JsonNode status() {
    return parse(
        get("/status").orElseThrow(() -> new AssertionError("no answer: " + logs())).body());
  }

  /** Waits until it has ended and returns its exit code. */
  public int awaitEnd() {
    return Integer.parseInt(docker("wait", name).orFail().out().strip());
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** Ends and removes it. */
  @Override
  public void close() {
    docker("rm", "-f", name).orFail();
    http.close();
  }
}
