package io.smartagent.sample;

import io.prometheus.metrics.core.metrics.Gauge;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** Reports a high load. */
final class Sample implements Module {

  private static final EventType HIGH_LOAD =
      EventType.info("HighLoad", "The load has reached the threshold.");

  static final String METRIC = "smartagent_sample_load";

  @Override
  public void run(ModuleContext context) throws ErrnoException {
    Gauge gauge =
        Gauge.builder().name(METRIC).help("Load of the host.").register(context.metrics());
    do {
      byte[] text = context.kernel().filesystem().readAll(context.root() + "/proc/loadavg", 100);
      double load =
          Double.parseDouble(new String(text, StandardCharsets.US_ASCII).split(" ", 2)[0]);
      gauge.set(load);
      context.observed("load " + load);
      if (load >= context.settings().get(SampleDefinition.THRESHOLD)) {
        context.emit(event(Instant.now(), load));
      }
    } while (context.pause(Duration.ofSeconds(10)));
  }

  static Event event(Instant time, double load) {
    return Event.of(HIGH_LOAD, time).put("load", load).build();
  }
}
