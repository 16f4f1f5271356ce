package io.smartagent.modules.logdiscovery;

import io.smartagent.module.Event;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of {@code log-discovery}. */
final class LogEvents {

  static final String FOUND = "LogFileFound";
  static final String ROTATED = "LogFileRotated";
  static final String GONE = "LogFileGone";

  private LogEvents() {}

  /** Returns the event that tells a change. */
  static Event of(Instant time, LogChange change) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    return switch (change) {
      case LogChange.Found(LogFile log) -> {
        putPlace(attributes, log);
        putFile(attributes, log);
        yield event(time, FOUND, attributes, log);
      }
      case LogChange.Rotated(
              LogFile before,
              LogFile now,
              LogChange.Method method,
              String rotatedTo) -> {
        putPlace(attributes, now);
        attributes.put("method", method.id());
        attributes.put("rotatedTo", rotatedTo);
        attributes.put("oldInode", before.id().inode());
        attributes.put("newInode", now.id().inode());
        attributes.put("oldSize", before.size());
        putFile(attributes, now);
        yield event(time, ROTATED, attributes, now);
      }
      case LogChange.Gone(LogFile log) -> {
        putPlace(attributes, log);
        putFile(attributes, log);
        yield event(time, GONE, attributes, log);
      }
    };
  }

  private static void putPlace(Map<String, @Nullable Object> attributes, LogFile log) {
    LogFile.Writer writer = log.writer();
    attributes.put("path", log.place().path());
    attributes.put("hostPath", log.hostPath() == null ? null : log.hostPath().toString());
    attributes.put("pid", writer == null ? null : writer.held().pid());
    attributes.put("process", writer == null ? null : writer.name());
  }

  private static void putFile(Map<String, @Nullable Object> attributes, LogFile log) {
    LogGuess guess = log.guess();
    attributes.put("origin", log.origin().id());
    attributes.put("format", guess.format().id());
    attributes.put("multiLine", guess.multiLine() == null ? null : guess.multiLine().id());
    attributes.put("timestamp", guess.timestamp());
    attributes.put("size", log.size());
    attributes.put("device", log.id().deviceText());
    attributes.put("inode", log.id().inode());
  }

  private static Event event(
      Instant time, String type, Map<String, @Nullable Object> attributes, LogFile log) {
    ContainerAttributes.put(attributes, log.owner(), log.container());
    return new Event(time, type, attributes);
  }
}
