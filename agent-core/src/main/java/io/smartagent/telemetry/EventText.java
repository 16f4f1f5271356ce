package io.smartagent.telemetry;

import static java.util.Map.entry;

import io.smartagent.kernel.file.PathText;
import io.smartagent.module.Event;
import io.smartagent.text.TextLines;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events in words, one line each, no wider than a terminal. A type that is not known here is its
 * own name in words, with all of its attributes that are text or a number.
 *
 * <p>Processes choose what stands in many attributes: only printable characters of them reach the
 * terminal.
 */
final class EventText {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final String GAP = "  ";
  private static final int TITLE = 19;
  private static final int LONGEST_VALUE = 200;
  private static final int LISTED = 3;

  /** What a container's id is cut to, as docker ps does. */
  private static final int SHORT_ID = 12;

  private static final long MEBIBYTE = 1024 * 1024;

  /** Printed together, as the container, or of use to programs only. */
  private static final Set<String> NOT_ALONE =
      Set.of(
          "containerId",
          "containerName",
          "containerRuntime",
          "image",
          "podUid",
          "podName",
          "podNamespace");

  /**
   * How an event of a type is described.
   *
   * @param title what has happened
   * @param attributes those to print, in their order; {@code application}, {@code container},
   *     {@code lostEvents} and {@code writer} are made of several
   */
  private record Phrase(String title, List<String> attributes) {}

  private static final List<String> OF_KERNEL = List.of("message", "count", "process", "pid");

  private static final List<String> OF_FILESYSTEM = List.of("message", "count", "mountPoints");

  private static final List<String> OF_OOM_KILL =
      List.of("process", "pid", "scope", "limitBytes", "count");

  private static final List<String> OF_INTERFACE =
      List.of("interface", "addresses", "state", "changed");

  private static final Map<String, Phrase> PHRASES =
      Map.ofEntries(
          phrase("ApplicationFound", "Application found", "application", "pid", "ports"),
          phrase("ApplicationStarted", "Application started", "application", "pid", "ports"),
          phrase("ApplicationChanged", "Application changed", "application", "pid", "ports"),
          phrase(
              "ApplicationPortsChanged", "Ports changed", "application", "pid", "opened", "closed"),
          phrase(
              "ApplicationEnded", "Application ended", "application", "pid", "exitCode", "signal"),
          phrase("ProcessVanished", "Process vanished", "name", "pid", "exitCode", "signal"),
          phrase("ContainerFound", "Container found", "container"),
          phrase("ContainerStarted", "Container started", "container"),
          phrase("ContainerEnded", "Container ended", "container"),
          phrase("LogFileFound", "Log file found", "path", "writer"),
          phrase("LogFileRotated", "Log file rotated", "path", "rotatedTo", "writer"),
          phrase("LogFileGone", "Log file gone", "path", "writer"),
          entry("NetworkInterfaceFound", new Phrase("Interface found", OF_INTERFACE)),
          entry("NetworkInterfaceChanged", new Phrase("Interface changed", OF_INTERFACE)),
          entry("NetworkInterfaceRemoved", new Phrase("Interface removed", OF_INTERFACE)),
          entry("OOMKilling", new Phrase("OOM kill", OF_OOM_KILL)),
          entry("PodOOMKilling", new Phrase("OOM kill", OF_OOM_KILL)),
          phrase(
              "TaskHung",
              "Task hung",
              "process",
              "pid",
              "blockedSeconds",
              "blockerProcess",
              "lock"),
          phrase("BlockedTask", "Task blocked", "process", "pid", "blockedSeconds", "wchan"),
          phrase(
              "BlockedTaskEnded", "Task unblocked", "process", "pid", "blockedSeconds", "outcome"),
          entry("ReadonlyFilesystem", new Phrase("Read-only fault", OF_FILESYSTEM)),
          entry("XfsShutdown", new Phrase("XFS shutdown", OF_FILESYSTEM)),
          entry("Ext4Error", new Phrase("Ext4 error", OF_FILESYSTEM)),
          entry("Ext4Warning", new Phrase("Ext4 warning", OF_FILESYSTEM)),
          entry("IOError", new Phrase("I/O error", OF_FILESYSTEM)),
          entry("KernelOops", new Phrase("Kernel oops", OF_KERNEL)),
          entry("SoftLockup", new Phrase("Soft lockup", OF_KERNEL)),
          entry("HardLockup", new Phrase("Hard lockup", OF_KERNEL)),
          entry("RcuStall", new Phrase("RCU stall", OF_KERNEL)),
          entry("UnregisterNetDevice", new Phrase("Interface in use", OF_KERNEL)),
          entry("ConntrackFull", new Phrase("Conntrack full", OF_KERNEL)),
          entry("MemoryReadError", new Phrase("Memory error", OF_KERNEL)),
          entry("CperHardwareErrorFatal", new Phrase("Hardware error", OF_KERNEL)),
          entry("CperHardwareErrorRecoverable", new Phrase("Hardware error", OF_KERNEL)),
          entry("CperHardwareErrorCorrected", new Phrase("Hardware error", OF_KERNEL)),
          phrase("EventsLost", "Events lost", "lostEvents"),
          phrase(
              "WritableMountAppeared", "Mount is writable", "mountPoint", "fileSystem", "source"),
          phrase("WritableMountGone", "Mount is gone", "mountPoint", "fileSystem", "source"),
          phrase("ConfigurationApplied", "Settings applied", "source", "changed", "modules"),
          phrase("ConfigurationRefused", "Settings refused", "source", "problems"));

  private final ZoneId zone;

  /**
   * @param zone whose time is shown
   */
  EventText(ZoneId zone) {
    this.zone = zone;
  }

  private static Map.Entry<String, Phrase> phrase(String type, String title, String... attributes) {
    return entry(type, new Phrase(title, List.of(attributes)));
  }

  /**
   * Returns the line of an event, without its newline.
   *
   * @param now decides whether the date belongs to the time
   */
  String line(Event event, Instant now) {
    Phrase phrase = PHRASES.get(event.type());
    Map<String, @Nullable Object> attributes = event.attributes();
    List<String> parts = new ArrayList<>();
    if (phrase == null) {
      for (String name : attributes.keySet()) {
        if (!NOT_ALONE.contains(name) && !(attributes.get(name) instanceof Iterable<?>)) {
          add(parts, name, attributes);
        }
      }
    } else {
      for (String name : phrase.attributes()) {
        add(parts, name, attributes);
      }
    }
    if (phrase == null || !phrase.attributes().contains("container")) {
      parts.add(owner(attributes));
    }
    parts.removeIf(String::isEmpty);
    String title = phrase == null ? printable(EventWords.sentence(event.type())) : phrase.title();
    String padding = " ".repeat(Math.max(0, TITLE - title.length()));
    return line(event.time(), now, title + padding + GAP + String.join(", ", parts));
  }

  /**
   * Returns a line of the given text.
   *
   * @param time that it starts with
   * @param now decides whether the date belongs to the time
   * @param text printable, cut where it is too wide
   */
  String line(Instant time, Instant now, String text) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    boolean today = local.toLocalDate().equals(LocalDateTime.ofInstant(now, zone).toLocalDate());
    return cut(local.format(today ? TIME : DATE) + GAP + text).stripTrailing();
  }

  /** Of letters other than ASCII some take two columns; here all do. */
  private static String cut(String line) {
    int width = 0;
    int end = 0;
    while (end < line.length()) {
      width += line.charAt(end) < 0x7f ? 1 : 2;
      if (width > TextLines.WIDTH) {
        int kept = Math.max(0, end - 4);
        boolean half = kept > 0 && Character.isHighSurrogate(line.charAt(kept - 1));
        return line.substring(0, half ? kept - 1 : kept) + "...";
      }
      end++;
    }
    return line;
  }

  private static void add(
      List<String> parts, String name, Map<String, @Nullable Object> attributes) {
    switch (name) {
      case "application" -> parts.add(application(attributes));
      case "container" -> parts.add(container(attributes));
      case "lostEvents" ->
          parts.add(first(attributes, "count") + " of module " + first(attributes, "lostModule"));
      case "writer" -> parts.add(writer(attributes));
      default -> {
        Object value = attributes.get(name);
        if (value != null) {
          parts.add(described(name, value));
        }
      }
    }
  }

  private static String described(String name, Object value) {
    return switch (name) {
      case "pid" -> "pid " + printable(value);
      case "ports" -> ports("", value);
      case "opened" -> ports("opened ", value);
      case "closed" -> ports("closed ", value);
      case "exitCode" -> "exit code " + printable(value);
      case "signal" -> "ended by " + printable(value);
      case "rotatedTo" -> "old file " + printable(value);
      case "changed" -> "changed " + listed(value);
      case "mountPoints" -> listed(value);
      case "blockedSeconds" -> "blocked for " + printable(value) + " s";
      case "blockerProcess" -> "blocked by " + printable(value);
      case "limitBytes" ->
          value instanceof Number bytes ? "limit " + bytes.longValue() / MEBIBYTE + " MiB" : "";
      case "count" -> times(value);
      case "state" -> "state " + printable(value);
      case "scope" -> "scope " + printable(value);
      case "modules" -> "modules " + listed(value);
      case "addresses", "problems" -> listed(value);
      case "interface",
          "lock",
          "message",
          "mountPoint",
          "fileSystem",
          "name",
          "outcome",
          "path",
          "process",
          "source",
          "wchan" ->
          printable(value);
      default -> unknown(name, value);
    };
  }

  private static String unknown(String name, Object value) {
    String words = printable(EventWords.lowerCase(name));
    if (value instanceof Boolean flag) {
      return flag ? words : "";
    }
    return value instanceof Map<?, ?> ? "" : words + " " + printable(value);
  }

  private static String times(Object value) {
    return value instanceof Number count && count.longValue() == 1
        ? ""
        : printable(value) + " times";
  }

  /** Returns what an application is: product or program, with its version. */
  static String application(Map<String, @Nullable Object> attributes) {
    Object product = attributes.get("product");
    StringBuilder text = new StringBuilder(first(attributes, "product", "name", "executable"));
    if (attributes.get("version") != null) {
      text.append(' ').append(first(attributes, "version"));
    }
    if (product == null && attributes.get("entryPoint") != null) {
      text.append(' ').append(first(attributes, "entryPoint"));
    }
    if (product == null && attributes.get("languageVersion") != null) {
      text.append(" (").append(first(attributes, "language")).append(' ');
      text.append(first(attributes, "languageVersion")).append(')');
    }
    return text.toString();
  }

  private static String container(Map<String, @Nullable Object> attributes) {
    String name = containerName(attributes);
    List<String> more = new ArrayList<>();
    more.add(runtimeAndId(attributes));
    if (attributes.get("image") != null) {
      more.add("image " + first(attributes, "image"));
    }
    more.add(pod(attributes));
    more.removeIf(String::isEmpty);
    return more.isEmpty() ? name : name + " (" + String.join(", ", more) + ")";
  }

  private static String runtimeAndId(Map<String, @Nullable Object> attributes) {
    String id = first(attributes, "containerId");
    String shortId = id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
    return (first(attributes, "containerRuntime") + " " + shortId).strip();
  }

  private static String writer(Map<String, @Nullable Object> attributes) {
    if (attributes.get("process") == null) {
      return "";
    }
    String pid = first(attributes, "pid");
    return "written by " + first(attributes, "process") + (pid.isEmpty() ? "" : ", pid " + pid);
  }

  /** A process of the host has none. */
  private static String owner(Map<String, @Nullable Object> attributes) {
    String container = containerName(attributes);
    String pod = pod(attributes);
    if (container.isEmpty()) {
      return pod.isEmpty() ? "" : "in " + pod;
    }
    return "in container " + container + (pod.isEmpty() ? "" : " of " + pod);
  }

  private static String containerName(Map<String, @Nullable Object> attributes) {
    String name = first(attributes, "containerName", "containerId");
    boolean id = attributes.get("containerName") == null && name.length() > SHORT_ID;
    return id ? name.substring(0, SHORT_ID) : name;
  }

  private static String pod(Map<String, @Nullable Object> attributes) {
    String pod = first(attributes, "podName", "podUid");
    String namespace = first(attributes, "podNamespace");
    return pod.isEmpty() ? "" : "pod " + (namespace.isEmpty() ? "" : namespace + "/") + pod;
  }

  /** Returns the first of these attributes that there is; empty where there is none. */
  private static String first(Map<String, @Nullable Object> attributes, String... names) {
    for (String name : names) {
      Object value = attributes.get(name);
      if (value != null) {
        return printable(value);
      }
    }
    return "";
  }

  private static String ports(String verb, Object value) {
    Set<String> ports = new LinkedHashSet<>();
    if (value instanceof Iterable<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> port) {
          boolean udp = String.valueOf(port.get("protocol")).startsWith("udp");
          ports.add(printable(String.valueOf(port.get("port"))) + (udp ? "/udp" : ""));
        }
      }
    }
    if (ports.isEmpty()) {
      return "";
    }
    return verb + (ports.size() == 1 ? "port " : "ports ") + listed(ports);
  }

  private static String listed(Object value) {
    if (!(value instanceof Iterable<?> list)) {
      return printable(value);
    }
    List<String> shown = new ArrayList<>();
    int more = 0;
    for (Object each : list) {
      if (shown.size() < LISTED) {
        shown.add(printable(String.valueOf(each)));
      } else {
        more++;
      }
    }
    return String.join(" ", shown) + (more == 0 ? "" : " and " + more + " more");
  }

  private static String printable(Object value) {
    return PathText.printable(value.toString(), LONGEST_VALUE);
  }
}
