package io.smartagent.sample;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.time.Instant;
import java.util.List;

/** A module as CONTRIBUTING.md says to add one. It is in no catalog but those of tests. */
public final class SampleDefinition implements ModuleDefinition {

  static final Setting<Integer> THRESHOLD =
      Setting.integer("SAMPLE_THRESHOLD", 1, 1000, 4, "load from which sample reports it");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of("log", CAP_SYSLOG)
                  .abilities(Ability.SYSLOG)
                  .with(HostAccess.NONE.systemCalls("syslog")),
              Source.of("load").degradedTo("what the kernel has logged is unknown"))
          .with(HostAccess.NONE.reads("/proc/loadavg"));

  @Override
  public String id() {
    return "sample";
  }

  @Override
  public String summary() {
    return "reports a high load";
  }

  @Override
  public String loss() {
    return "a high load is not reported";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(THRESHOLD, SharedSettings.RESULTS_MEBIBYTES);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return new ModuleTelemetry(
        List.of(Sample.event(Instant.parse("2026-03-01T10:15:30.120Z"), 4.5)),
        List.of(Sample.LOAD, Sample.READ_SECONDS));
  }

  @Override
  public Module create() {
    return new Sample();
  }
}
