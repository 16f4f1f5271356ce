package io.smartagent.modules.containermetrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.limit.BoundedMap;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.MetricTable;
import io.smartagent.modules.containermetrics.ContainerTable.Pass;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows what a pass has measured as metrics. */
final class PassMetrics {

  private static final double NANOSECONDS = 1e9;
  private static final double MILLISECONDS = 1e3;

  /** Of block devices, and of network interfaces, that one container is shown with. */
  private static final int OF_ONE_AT_MOST = 8;

  private static final int DEVICE_NAMES_AT_MOST = 1024;

  private final MetricTable table = new MetricTable(ContainerFamilies.all());
  private final Filesystem files;
  private final String root;
  private final Map<String, String> deviceNames = BoundedMap.ofNewest(DEVICE_NAMES_AT_MOST);
  private Map<String, Labelled> labels = new HashMap<>();

  /** Labels, which only change with what a runtime says. */
  private record Labelled(@Nullable ContainerIdentity identity, Labels labels) {}

  /**
   * @param root the host's root, without a slash at its end
   */
  PassMetrics(Filesystem files, String root) {
    this.files = files;
    this.root = root;
  }

  /** Returns what is to be registered. */
  MetricTable table() {
    return table;
  }

  /** Shows a pass. */
  void show(Pass pass, Duration time) {
    new Show(table.begin()).all(pass, time);
  }

  private Labels labels(Container container) {
    Labelled before = labels.get(container.id());
    if (before != null && Objects.equals(before.identity(), container.identity())) {
      return before.labels();
    }
    ContainerIdentity identity = container.identity();
    String name = identity == null ? "" : orEmpty(identity.name());
    return Labels.of(
        ContainerFamilies.LABELS.toArray(String[]::new),
        new String[] {
          container.isInPod() ? name : "",
          container.id(),
          identity == null ? "" : orEmpty(identity.image()),
          container.isInPod() ? "" : name,
          identity == null ? "" : orEmpty(identity.podNamespace()),
          identity == null ? "" : orEmpty(identity.podName())
        });
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** As /dev has it; its number where nothing tells the name. */
  private String deviceName(String number) {
    return deviceNames.computeIfAbsent(
        number,
        key -> {
          try {
            String target = files.readLink(root + "/sys/dev/block/" + key);
            return "/dev/" + target.substring(target.lastIndexOf('/') + 1).replace('!', '/');
          } catch (ErrnoException unknown) {
            return key;
          }
        });
  }

  /** One pass while it is written. */
  private final class Show {

    private final MetricTable.Pass pass;
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private final Map<String, Labelled> used = new HashMap<>();
    private int devicesNotShown;
    private int interfacesNotShown;

    Show(MetricTable.Pass pass) {
      this.pass = pass;
    }

    void all(Pass found, Duration time) {
      // In the order of the labels, which is what the library sorts them by: so it has less to do.
      List<Measurement> sorted =
          found.running().stream()
              .sorted(
                  Comparator.comparing((Measurement each) -> containerLabel(each.container()))
                      .thenComparing(each -> each.container().id()))
              .toList();
      for (Measurement measurement : sorted) {
        measurement(measurement);
      }
      found.stopped().forEach(this::state);
      counts.forEach((runtime, states) ->
          states.forEach(
              (state, count) -> pass.add(ContainerFamilies.CONTAINERS, count, runtime, state)));
      pass.add(ContainerFamilies.NOT_SHOWN, found.notShown());
      pass.add(ContainerFamilies.DEVICES_NOT_SHOWN, devicesNotShown);
      pass.add(ContainerFamilies.INTERFACES_NOT_SHOWN, interfacesNotShown);
      pass.add(ContainerFamilies.PASS_SECONDS, time.toNanos() / NANOSECONDS);
      pass.show();
      labels = used;
    }

    private String containerLabel(Container container) {
      ContainerIdentity identity = container.identity();
      return identity == null || !container.isInPod() ? "" : orEmpty(identity.name());
    }

    private Labels state(Container container) {
      Labels own = labels(container);
      used.put(container.id(), new Labelled(container.identity(), own));
      pass.add(ContainerFamilies.STATE, 1, own.add("state", container.state()));
      counts
          .computeIfAbsent(orEmpty(container.runtime()), runtime -> new TreeMap<>())
          .merge(container.state(), 1, Integer::sum);
      return own;
    }

    private void measurement(Measurement measurement) {
      Labels own = state(measurement.container());
      Usage usage = measurement.usage();
      cpu(own, usage, measurement.limits());
      memory(own, usage, measurement.limits());
      number(ContainerFamilies.PROCESSES, measurement.processes(), own);
      number(ContainerFamilies.THREADS, usage.threads(), own);
      number(ContainerFamilies.THREADS_MAX, measurement.limits().threads(), own);
      number(ContainerFamilies.FILE_DESCRIPTORS, measurement.descriptors(), own);
      Instant startedAt = measurement.container().startedAt();
      if (startedAt != null) {
        pass.add(ContainerFamilies.START_TIME, startedAt.toEpochMilli() / MILLISECONDS, own);
      }
      devices(own, usage.devices());
      interfaces(own, measurement.interfaces());
    }

    private void cpu(Labels own, Usage usage, Limits limits) {
      seconds(ContainerFamilies.CPU_USAGE, usage.cpuNanoseconds(), own);
      seconds(ContainerFamilies.CPU_USER, usage.userNanoseconds(), own);
      seconds(ContainerFamilies.CPU_SYSTEM, usage.systemNanoseconds(), own);
      number(ContainerFamilies.CPU_PERIOD, limits.cpuPeriodMicroseconds(), own);
      if (limits.cpuQuotaMicroseconds() > 0) {
        number(ContainerFamilies.CPU_QUOTA, limits.cpuQuotaMicroseconds(), own);
        number(ContainerFamilies.CFS_PERIODS, usage.periods(), own);
        number(ContainerFamilies.CFS_THROTTLED_PERIODS, usage.throttledPeriods(), own);
        seconds(ContainerFamilies.CFS_THROTTLED, usage.throttledNanoseconds(), own);
      }
    }

    private void memory(Labels own, Usage usage, Limits limits) {
      number(ContainerFamilies.MEMORY_USAGE, usage.memoryBytes(), own);
      number(ContainerFamilies.MEMORY_WORKING_SET, usage.workingSetBytes(), own);
      number(ContainerFamilies.MEMORY_RSS, usage.rssBytes(), own);
      number(ContainerFamilies.MEMORY_CACHE, usage.cacheBytes(), own);
      number(ContainerFamilies.MEMORY_LIMIT, limits.memoryBytes(), own);
      number(ContainerFamilies.OOM_EVENTS, usage.oomKills(), own);
    }

    private void devices(Labels own, List<DeviceTraffic> devices) {
      Set<String> names = new HashSet<>();
      for (DeviceTraffic device : devices) {
        String name = deviceName(device.device());
        if (names.size() >= OF_ONE_AT_MOST || !names.add(name)) {
          devicesNotShown++;
          continue;
        }
        Labels with = own.add("device", name);
        number(ContainerFamilies.READ_BYTES, device.readBytes(), with);
        number(ContainerFamilies.WRITTEN_BYTES, device.writtenBytes(), with);
        number(ContainerFamilies.READS, device.reads(), with);
        number(ContainerFamilies.WRITES, device.writes(), with);
      }
    }

    /** Names that are not UTF-8 may be the same here although they are not in the container. */
    private void interfaces(Labels own, List<InterfaceTraffic> interfaces) {
      Set<String> names = new HashSet<>();
      for (InterfaceTraffic one : interfaces) {
        if (names.size() >= OF_ONE_AT_MOST || !names.add(one.name())) {
          interfacesNotShown++;
          continue;
        }
        Labels with = own.add("interface", one.name());
        number(ContainerFamilies.RECEIVED_BYTES, one.receivedBytes(), with);
        number(ContainerFamilies.RECEIVED_PACKETS, one.receivedPackets(), with);
        number(ContainerFamilies.RECEIVE_ERRORS, one.receiveErrors(), with);
        number(ContainerFamilies.RECEIVE_DROPS, one.receiveDrops(), with);
        number(ContainerFamilies.SENT_BYTES, one.sentBytes(), with);
        number(ContainerFamilies.SENT_PACKETS, one.sentPackets(), with);
        number(ContainerFamilies.SEND_ERRORS, one.sendErrors(), with);
        number(ContainerFamilies.SEND_DROPS, one.sendDrops(), with);
      }
    }

    private void number(MetricFamily family, long number, Labels own) {
      if (number >= 0) {
        pass.add(family, (double) number, own);
      }
    }

    private void seconds(MetricFamily family, long nanoseconds, Labels own) {
      if (nanoseconds >= 0) {
        pass.add(family, nanoseconds / NANOSECONDS, own);
      }
    }
  }
}
