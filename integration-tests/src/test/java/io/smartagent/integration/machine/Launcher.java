package io.smartagent.integration.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The image, started as documented: host root at /mnt/root, the host's processes and network, a
 * read-only root filesystem, the documented capabilities that this machine can give. Each method
 * that changes something of that returns the same launcher.
 */
public final class Launcher {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger NEXT_PORT = new AtomicInteger();

  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> capabilities = new ArrayList<>(Capabilities.documentedHere());
  private final List<String> options = new ArrayList<>();
  private final List<String> settings = new ArrayList<>();
  private int port = freePort();
  private List<String> mounts;
  private boolean hostProcesses = true;
  private String image = "";

  private Launcher(List<String> mounts, Map<String, String> environment) {
    this.mounts = mounts;
    this.environment.putAll(environment);
    this.environment.put("SMARTAGENT_STATUS_ADDRESS", "127.0.0.1:" + port);
  }

  /** Returns a launcher whose host's root is {@code root}, mounted read-only. */
  public static Launcher on(HostRoot root) {
    return new Launcher(root.readOnlyMounts(), root.environment());
  }

  /** Returns a launcher whose host's root is {@code root}, mounted as it is. */
  public static Launcher onWritable(HostRoot root) {
    return new Launcher(root.writableMounts(), root.environment());
  }

  /** Returns a launcher whose container has nothing mounted at /mnt/root. */
  public static Launcher withoutHostRoot() {
    return new Launcher(List.of(), Map.of());
  }

  /**
   * Ports below those that the kernel gives to clients, so that none is taken before it is used;
   * each test's JVM starts elsewhere.
   */
  static int freePort() {
    while (true) {
      int candidate =
          20000
              + (int) ((ProcessHandle.current().pid() * 131 + NEXT_PORT.getAndIncrement()) % 12000);
      try (ServerSocket free = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
  }

  /** Takes capabilities out of the list. */
  public Launcher without(String... names) {
    capabilities.removeAll(Arrays.asList(names));
    return this;
  }

  /** Adds capabilities to the list. */
  public Launcher with(String... names) {
    capabilities.addAll(Arrays.asList(names));
    return this;
  }

  /** Takes all capabilities out of the list. */
  public Launcher withoutAnyCapability() {
    capabilities.clear();
    return this;
  }

  /** Adds options of {@code docker run}. */
  public Launcher option(String... words) {
    options.addAll(Arrays.asList(words));
    return this;
  }

  /** Replaces what is mounted. */
  public Launcher mounts(List<String> words) {
    mounts = List.copyOf(words);
    return this;
  }

  /** Sets a variable. */
  public Launcher environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Has the container be one of a pod, whose cluster's API is at a port of 127.0.0.1. */
  public Launcher inPod(int apiPort) {
    return environment("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .environment("KUBERNETES_SERVICE_PORT", Integer.toString(apiPort));
  }

  /** Takes another image than the one that is tested. */
  public Launcher image(String tag) {
    image = tag;
    return this;
  }

  /** Gives the container a pid namespace of its own. */
  public Launcher withOwnProcesses() {
    hostProcesses = false;
    return this;
  }

  /** Adds {@code --user} to the command. */
  public Launcher user(String user) {
    return setting("--user", user);
  }

  /** Adds options to the command. */
  public Launcher setting(String... words) {
    settings.addAll(Arrays.asList(words));
    return this;
  }

  /** Has the agent answer on the port of another. */
  public Launcher at(int otherPort) {
    port = otherPort;
    return environment("SMARTAGENT_STATUS_ADDRESS", "127.0.0.1:" + port);
  }

  /** Returns the port of 127.0.0.1 that the agent's status is at. */
  public int port() {
    return port;
  }

  /** Launches a program of the host and returns when it has ended. */
  public Completed run(String... program) {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(settings);
    words.add("--");
    words.addAll(Arrays.asList(program));
    return invoke(words);
  }

  /** Starts the agent and returns when it has ended, which it does where it is refused. */
  public Completed config() {
    return invoke(command("config"));
  }

  /** Returns the output of {@code plan --format json}. */
  public JsonNode plan() {
    return json(invoke(command("plan", "--format", "json")));
  }

  /** Returns the output of {@code probe --format json}. */
  public JsonNode probe() {
    return json(invoke(List.of("probe", "--format", "json")));
  }

  /** Returns the output of {@code status --format json}, asked of the agent on the same port. */
  public JsonNode status() {
    return json(invoke(List.of("status", "--format", "json")));
  }

  /** Returns the output of {@code plan}, whatever is planned. */
  public Completed planText() {
    return invoke(command("plan"));
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(settings);
    return command;
  }

  /** Gives the image these words and returns when the container has ended. */
  public Completed invoke(List<String> words) {
    return invoke(words, Programs.TIMEOUT);
  }

  /** As {@link #invoke(List)}, for what may take longer than usual. */
  public Completed invoke(List<String> words, Duration timeout) {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--name", Docker.newName()));
    command.addAll(container());
    command.addAll(words);
    return Docker.docker(command, timeout);
  }

  /** Starts the agent in the background. */
  public RunningContainer startAgent() {
    return start(command("config"));
  }

  /** Starts a program of the host in the background. */
  public RunningContainer start(String... program) {
    List<String> words = command("run");
    words.add("--");
    words.addAll(Arrays.asList(program));
    return start(words);
  }

  /** Gives the image these words and returns when the container has been started. */
  public RunningContainer start(List<String> words) {
    String name = Docker.newName();
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(container());
    command.addAll(words);
    Docker.docker(command).orFail();
    return new RunningContainer(name, port);
  }

  private List<String> container() {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--label", Docker.LABEL, "--network", "host", "--read-only"));
    if (hostProcesses) {
      words.addAll(List.of("--pid", "host"));
    }
    words.addAll(List.of("--cap-drop", "ALL"));
    capabilities.forEach(name -> words.addAll(List.of("--cap-add", name)));
    words.addAll(mounts);
    environment.forEach((name, value) -> words.addAll(List.of("-e", name + "=" + value)));
    words.addAll(options);
    words.add(image.isEmpty() ? Docker.image() : image);
    return words;
  }

  private static JsonNode json(Completed completed) {
    try {
      return JSON.readTree(completed.output());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + completed, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
