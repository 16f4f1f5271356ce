package io.smartagent.telemetry;

import io.smartagent.kernel.file.PathText;
import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
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
 * Events as text, one line each, no wider than a terminal. A type that does not say how it is shown
 * is its own name in words, with all of its attributes that are text or a number.
 *
 * <p>Processes choose the values of many attributes: only printable characters of them reach the
 * terminal.
 */
final class EventText {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final String GAP = "  ";
  private static final int TITLE = 19;
  private static final int MAX_VALUE = 200;
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

  private final ZoneId zone;

  /**
   * @param zone whose time is shown
   */
  EventText(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * Returns the line of an event, without its newline.
   *
   * @param now decides whether the date belongs to the time
   */
  String line(Event event, Instant now) {
    EventType type = event.type();
    Map<String, @Nullable Object> attributes = event.attributes();
    List<String> parts = new ArrayList<>();
    if (type.shown().isEmpty()) {
      for (String name : attributes.keySet()) {
        if (!NOT_ALONE.contains(name) && !(attributes.get(name) instanceof Iterable<?>)) {
          add(parts, name, event);
        }
      }
    } else {
      for (String name : type.shown()) {
        add(parts, name, event);
      }
    }
    if (!type.shown().contains("container")) {
      parts.add(owner(event.owner()));
    }
    parts.removeIf(String::isEmpty);
    String title =
        type.title().isEmpty() ? printable(EventWords.sentence(type.name())) : type.title();
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

  private static void add(List<String> parts, String name, Event event) {
    Map<String, @Nullable Object> attributes = event.attributes();
    switch (name) {
      case "application" -> parts.add(application(attributes));
      case "container" -> parts.add(container(event.owner()));
      case "lostEvents" ->
          parts.add(event.count() + " of module " + first(attributes, "lostModule"));
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

  private static String container(EventOwner owner) {
    String name = containerName(owner);
    List<String> more = new ArrayList<>();
    more.add(runtimeAndId(owner));
    if (owner.image() != null) {
      more.add("image " + printable(owner.image()));
    }
    more.add(pod(owner));
    more.removeIf(String::isEmpty);
    return more.isEmpty() ? name : name + " (" + String.join(", ", more) + ")";
  }

  private static String runtimeAndId(EventOwner owner) {
    return (first(owner.containerRuntime()) + " " + shortId(owner)).strip();
  }

  private static String shortId(EventOwner owner) {
    String id = first(owner.containerId());
    return id.substring(0, Math.min(SHORT_ID, id.length()));
  }

  private static String writer(Map<String, @Nullable Object> attributes) {
    if (attributes.get("process") == null) {
      return "";
    }
    String pid = first(attributes, "pid");
    return "written by " + first(attributes, "process") + (pid.isEmpty() ? "" : ", pid " + pid);
  }

  /** A process of the host has none. */
  private static String owner(EventOwner owner) {
    String container = containerName(owner);
    String pod = pod(owner);
    if (container.isEmpty()) {
      return pod.isEmpty() ? "" : "in " + pod;
    }
    return "in container " + container + (pod.isEmpty() ? "" : " of " + pod);
  }

  private static String containerName(EventOwner owner) {
    return owner.containerName() == null ? shortId(owner) : printable(owner.containerName());
  }

  private static String pod(EventOwner owner) {
    String pod = first(owner.podName(), owner.podUid());
    String namespace = first(owner.podNamespace());
    return pod.isEmpty() ? "" : "pod " + (namespace.isEmpty() ? "" : namespace + "/") + pod;
  }

  /** Returns the first of these that is known; empty if none is. */
  private static String first(@Nullable String... texts) {
    for (String text : texts) {
      if (text != null) {
        return printable(text);
      }
    }
    return "";
  }

  /** Returns the first of these attributes that is present; empty if none is. */
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
    return PathText.printable(value.toString(), MAX_VALUE);
  }
}
