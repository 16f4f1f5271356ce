package io.smartagent.kubernetes.event;

import io.smartagent.livesettings.ConfigurationTelemetry;
import io.smartagent.module.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what an event's attributes say, for {@code kubectl describe}. */
final class EventNote {

  /** The API server takes no more than 1024 bytes. */
  private static final int MAX_LENGTH = 1024;

  private static final int MAX_TEXT = 500;
  private static final long MEBIBYTE = 1 << 20;

  private final Map<String, @Nullable Object> attributes;

  private EventNote(Event event) {
    this.attributes = event.attributes();
  }

  /** Returns the sentence, of ASCII, with a maximum of 1024 characters. */
  static String of(Event event) {
    EventNote note = new EventNote(event);
    String text =
        switch (event.type()) {
          case "PodOOMKilling", "OOMKilling" -> note.kill();
          case "TaskHung" -> note.hungTask();
          case "WritableMountAppeared" -> note.mount("A writable mount has appeared");
          case "WritableMountGone" -> note.mount("The writable mount is gone");
          case ConfigurationTelemetry.REFUSED -> note.refusal();
          default -> note.message();
        };
    return printable(text, MAX_LENGTH);
  }

  private String kill() {
    String process = text("process");
    Long pid = number("pid");
    Long limit = number("limitBytes");
    Long count = number("count");
    boolean several = count != null && count > 1;
    return (process == null
            ? (several ? count + " processes were" : "A process was")
            : "The process " + process + (pid == null ? "" : " (" + pid + ")") + " was")
        + " killed for want of memory"
        + of("containerName", " in the container ")
        + (limit == null ? "" : ", at a limit of " + limit / MEBIBYTE + " MiB")
        + scope(text("scope"))
        + ".";
  }

  private static String scope(@Nullable String scope) {
    return switch (scope) {
      case "container" -> ": the container's limit was reached";
      case "pod" -> ": the pod's limit was reached";
      case "global" -> ": the node has no more";
      case "allocatable" -> ": what the node has for pods was used up";
      case null, default -> "";
    };
  }

  private String hungTask() {
    Long seconds = number("blockedSeconds");
    String process = text("process");
    Long pid = number("pid");
    return (process == null
            ? "A task"
            : "The task " + process + (pid == null ? "" : " (" + pid + ")"))
        + " waits in the kernel and has not run for "
        + (seconds == null ? "a long time" : seconds + " seconds")
        + of("containerName", ", in the container ")
        + of("blockerProcess", "; it seems to wait for ")
        + ".";
  }

  private String mount(String what) {
    return what
        + of("mountPoint", ": ")
        + " ("
        + of("fileSystem", "")
        + of("source", " from ")
        + ")"
        + (Boolean.TRUE.equals(attributes.get("sealed"))
            ? " in the sealed root of SmartAgent."
            : ", which SmartAgent cannot keep out without SYS_ADMIN.");
  }

  private String refusal() {
    return "The configuration"
        + of("version", " ")
        + of("source", " of ")
        + " is refused as a whole, and what held before still does: "
        + (attributes.get("problems") instanceof List<?> problems
            ? problems.stream().map(String::valueOf).collect(Collectors.joining(" "))
            : "");
  }

  private String message() {
    List<String> parts = new ArrayList<>();
    String message = text("message");
    if (message != null) {
      parts.add(message);
    }
    for (String name : List.of("device", "filesystem", "subject", "process", "containerName")) {
      String text = text(name);
      if (text != null && (message == null || !message.contains(text))) {
        parts.add(name + ": " + text);
      }
    }
    return parts.isEmpty()
        ? "SmartAgent reports more on its standard output."
        : String.join("; ", parts);
  }

  private String of(String name, String before) {
    String text = text(name);
    return text == null ? "" : before + text;
  }

  private @Nullable String text(String name) {
    return attributes.get(name) instanceof String text && !text.isEmpty()
        ? printable(text, MAX_TEXT)
        : null;
  }

  private @Nullable Long number(String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : null;
  }

  /** A process chooses its own name: nothing of it may steer the terminal of who reads it. */
  private static String printable(String text, int longest) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length() && i < longest; i++) {
      char letter = text.charAt(i);
      printable.append(letter >= ' ' && letter < 127 ? letter : '?');
    }
    return printable.toString();
  }
}
