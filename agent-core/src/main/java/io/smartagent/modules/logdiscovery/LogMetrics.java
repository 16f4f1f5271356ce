package io.smartagent.modules.logdiscovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.module.MetricTable;
import io.smartagent.modules.logdiscovery.LogDiscovery.Result;
import io.smartagent.modules.logdiscovery.LogFile.Origin;
import java.time.Duration;
import java.util.List;

/** The metrics of {@code log-discovery}, as {@link LogDiscoveryTelemetry} documents them. */
final class LogMetrics {

  private static final double NANOSECONDS = 1e9;

  private final MetricTable table = new MetricTable(LogDiscoveryTelemetry.METRICS);
  private double rotations;

  LogMetrics(PrometheusRegistry registry) {
    registry.register(table);
  }

  /** Shows what a pass has found. Every format is shown, those that no log has at 0. */
  void update(Result result, LogCatalog catalog, LogGate gate, Duration time) {
    rotations += result.changes().stream().filter(LogChange.Rotated.class::isInstance).count();
    MetricTable.Pass pass = table.begin();
    List<LogFile> followed = catalog.logs().stream().filter(gate::isTold).toList();
    for (LogFormat format : LogFormat.values()) {
      for (Origin origin : Origin.values()) {
        double logs = 0;
        for (LogFile log : followed) {
          logs += log.guess().format() == format && log.origin() == origin ? 1 : 0;
        }
        pass.add(LogDiscoveryTelemetry.FILES, logs, format.id(), origin.id());
      }
    }
    pass.add(LogDiscoveryTelemetry.EXCLUDED, gate.excluded())
        .add(LogDiscoveryTelemetry.POD_UNKNOWN, gate.unknown())
        .add(LogDiscoveryTelemetry.NOT_FOLLOWED, catalog.notFollowed())
        .add(LogDiscoveryTelemetry.UNREAD, result.unread())
        .add(LogDiscoveryTelemetry.ROTATIONS, rotations)
        .add(LogDiscoveryTelemetry.DESCRIPTORS, result.open().looked())
        .add(LogDiscoveryTelemetry.DESCRIPTORS_TRUNCATED, (double) result.open().leftOut())
        .add(LogDiscoveryTelemetry.PROCESSES_TRUNCATED, result.open().processesLeftOut())
        .add(LogDiscoveryTelemetry.PROCESSES_UNREADABLE, result.open().unreadable())
        .add(LogDiscoveryTelemetry.DIRECTORIES_UNREADABLE, result.directories().unreadable())
        .add(LogDiscoveryTelemetry.DIRECTORIES_TRUNCATED, result.directories().leftOut())
        .add(LogDiscoveryTelemetry.SILENT, result.silent())
        .add(LogDiscoveryTelemetry.PASS, time.toNanos() / NANOSECONDS)
        .show();
  }
}
