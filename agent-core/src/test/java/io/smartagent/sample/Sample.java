package io.smartagent.sample;

import io.prometheus.metrics.core.metrics.Gauge;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.module.Event;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Reports a high load. */
final class Sample implements Module {

  static final String EVENT = "HighLoad";
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
        context.emit(new Event(Instant.now(), EVENT, Map.of("load", load)));
      }
    } while (context.pause(Duration.ofSeconds(10)));
  }
}
