package io.smartagent.module;

import io.smartagent.results.Result;
import java.time.Instant;
import java.util.List;

/** The events of {@link Results}, which any module may have. */
public final class ResultEvents {

  private static final EventType WRITTEN =
      EventType.info(
              "ResultWritten",
              "A module, which the event names, has written a result, such as a profile:"
                  + " `/results/NAME` at the status address until newer ones replace it.")
          .shownAs("Result written", "name", "mediaType", "bytes");

  private ResultEvents() {}

  static Event written(Result result) {
    return Event.of(WRITTEN, result.writtenAt())
        .put("name", result.name())
        .put("mediaType", result.mediaType())
        .put("bytes", result.bytes())
        .build();
  }

  /** Returns an example of each event. */
  public static List<Event> examples() {
    return List.of(
        written(
            new Result(
                "api-cpu.pprof",
                "application/octet-stream",
                48_213,
                Instant.parse("2026-03-01T10:15:30.120Z"))));
  }
}
