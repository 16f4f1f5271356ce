package io.smartagent.sample;

import io.prometheus.metrics.core.metrics.Gauge;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.module.BoundedHistogram;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reports a high load. */
final class Sample implements Module {

  static final MetricFamily LOAD =
      MetricFamily.gauge("smartagent_sample_load", "Load of the host.");

  static final MetricFamily READ_SECONDS =
      MetricFamily.histogram(
          "smartagent_sample_read_seconds",
          "seconds",
          "How long it takes to read the load.",
          List.of(0.001, 0.01, 0.1));

  private static final EventType HIGH_LOAD =
      EventType.info("HighLoad", "The load has reached the threshold.");

  @Override
  public void run(ModuleContext context) throws ErrnoException, IOException {
    Gauge gauge = Gauge.builder().name(LOAD.name()).help(LOAD.help()).register(context.metrics());
    BoundedHistogram seconds = BoundedHistogram.register(READ_SECONDS, context.metrics(), 1);
    do {
      long start = System.nanoTime();
      byte[] text = context.kernel().filesystem().readAll(context.root() + "/proc/loadavg", 100);
      seconds.observe((System.nanoTime() - start) / 1e9);
      double load =
          Double.parseDouble(new String(text, StandardCharsets.US_ASCII).split(" ", 2)[0]);
      gauge.set(load);
      context.observed("load " + load);
      if (load >= context.settings().get(SampleDefinition.THRESHOLD)) {
        context.emit(event(Instant.now(), load));
        context.results().write("loadavg.txt", "text/plain", 100, out -> out.write(text));
      }
    } while (context.pause(Duration.ofSeconds(10)));
  }

  static Event event(Instant time, double load) {
    return Event.of(HIGH_LOAD, time).put("load", load).build();
  }
}
