package io.smartagent.modules.logdiscovery;

import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of {@code log-discovery}. */
final class LogEvents {

  static final EventType FOUND =
      EventType.info(
              "LogFileFound",
              "A log was not known before. path is the one that its process sees in its container,"
                  + " or that of the host where it is in none or not known; hostPath leads to it"
                  + " from the host's root, null where that is unknown; pid and process are those"
                  + " of one that writes it. origin is file, or container for what a container"
                  + " prints. format is json, cri, docker-json, syslog-rfc3164, syslog-rfc5424,"
                  + " logfmt, access-log, plain, or unknown where the file is empty or could not be"
                  + " read; multiLine says what takes more than one line: java, python, go (stack"
                  + " traces) or indented; timestamp how the time is written that lines start with,"
                  + " in the letters of Java's DateTimeFormatter. All three are guesses from the"
                  + " first 16 KiB.")
          .shownAs("Log file found", "path", "writer");

  static final EventType ROTATED =
      EventType.info(
              "LogFileRotated",
              "A log goes on in another file (method create: it was renamed, or removed, and made"
                  + " anew) or at the start of the same one (method copytruncate: both inodes are"
                  + " the same). rotatedTo is where the old file is, null where that was not seen;"
                  + " size is that of the new one.")
          .shownAs("Log file rotated", "path", "rotatedTo", "writer");

  static final EventType GONE =
      EventType.info(
              "LogFileGone",
              "A log is not written to any more, and is not in its place any more: it was removed,"
                  + " or its container was.")
          .shownAs("Log file gone", "path", "writer");

  private LogEvents() {}

  /** Returns the event that reports a change. */
  static Event of(Instant time, LogChange change) {
    return switch (change) {
      case LogChange.Found(LogFile log) -> event(FOUND, time, Map.of(), log);
      case LogChange.Rotated(
              LogFile before,
              LogFile now,
              LogChange.Method method,
              String rotatedTo) -> {
        Map<String, @Nullable Object> rotation = new LinkedHashMap<>();
        rotation.put("method", method.id());
        rotation.put("rotatedTo", rotatedTo);
        rotation.put("oldInode", before.id().inode());
        rotation.put("newInode", now.id().inode());
        rotation.put("oldSize", before.size());
        yield event(ROTATED, time, rotation, now);
      }
      case LogChange.Gone(LogFile log) -> event(GONE, time, Map.of(), log);
    };
  }

  private static Event event(
      EventType type, Instant time, Map<String, @Nullable Object> change, LogFile log) {
    LogFile.Writer writer = log.writer();
    LogGuess guess = log.guess();
    return Event.of(type, time)
        .put("path", log.place().path())
        .put("hostPath", log.hostPath() == null ? null : log.hostPath().toString())
        .put("pid", writer == null ? null : writer.held().pid())
        .put("process", writer == null ? null : writer.name())
        .putAll(change)
        .put("origin", log.origin().id())
        .put("format", guess.format().id())
        .put("multiLine", guess.multiLine() == null ? null : guess.multiLine().id())
        .put("timestamp", guess.timestamp())
        .put("size", log.size())
        .put("device", log.id().deviceText())
        .put("inode", log.id().inode())
        .owner(ContainerAttributes.of(log.owner(), log.container()))
        .build();
  }
}
