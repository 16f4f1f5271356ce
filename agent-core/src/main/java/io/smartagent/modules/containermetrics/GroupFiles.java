package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one control group in all hierarchies. A group may vanish at any time, so a file that
 * cannot be read is no fault: its numbers are absent.
 */
final class GroupFiles {

  private static final byte[] NOTHING = {};
  private static final int SMALL = 65536;

  /** A million processes' numbers would fit. */
  private static final int PROCESSES = 8 << 20;

  private static final long NANOSECONDS_PER_MICROSECOND = 1000;

  /** USER_HZ: 100 on all architectures that matter. */
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  private final Filesystem files;
  private final Hierarchies hierarchies;
  private final List<String> blkioLayers;

  GroupFiles(Filesystem files, Hierarchies hierarchies) {
    this.files = files;
    this.hierarchies = hierarchies;
    String tree = hierarchies.tree(Controller.BLKIO);
    this.blkioLayers =
        Stream.of("blkio.throttle.", "blkio.bfq.", "blkio.")
            .filter(layer -> tree != null && exists(tree + "/" + layer + "io_serviced_recursive"))
            .toList();
  }

  private boolean exists(String path) {
    try {
      files.status(path);
      return true;
    } catch (ErrnoException absent) {
      return false;
    }
  }

  /**
   * Returns what the group has used.
   *
   * @param path of the group below each hierarchy, with a slash at its start
   */
  Usage usage(String path) {
    return hierarchies.isVersion2() ? usageOfVersion2(path) : usageOfVersion1(path);
  }

  /** Returns what the group may use. */
  Limits limits(String path) {
    return hierarchies.isVersion2() ? limitsOfVersion2(path) : limitsOfVersion1(path);
  }

  private Usage usageOfVersion2(String path) {
    String group = hierarchies.main() + path;
    byte[] cpu = read(group + "/cpu.stat");
    byte[] memory = read(group + "/memory.stat");
    long current = KeyedText.number(read(group + "/memory.current"));
    return new Usage(
        nanoseconds(KeyedText.value(cpu, "usage_usec"), NANOSECONDS_PER_MICROSECOND),
        nanoseconds(KeyedText.value(cpu, "user_usec"), NANOSECONDS_PER_MICROSECOND),
        nanoseconds(KeyedText.value(cpu, "system_usec"), NANOSECONDS_PER_MICROSECOND),
        KeyedText.value(cpu, "nr_periods"),
        KeyedText.value(cpu, "nr_throttled"),
        nanoseconds(KeyedText.value(cpu, "throttled_usec"), NANOSECONDS_PER_MICROSECOND),
        current,
        Usage.workingSet(current, KeyedText.value(memory, "inactive_file")),
        KeyedText.value(memory, "anon"),
        KeyedText.value(memory, "file"),
        KeyedText.value(read(group + "/memory.events"), "oom_kill"),
        DeviceTraffic.ofIoStat(read(group + "/io.stat")),
        KeyedText.number(read(group + "/pids.current")),
        KeyedText.value(read(group + "/cgroup.events"), "frozen") == 1);
  }

  private Usage usageOfVersion1(String path) {
    byte[] cpu = read(Controller.CPU, path, "cpu.stat");
    byte[] ticks = read(Controller.CPUACCT, path, "cpuacct.stat");
    byte[] memory = read(Controller.MEMORY, path, "memory.stat");
    long current = KeyedText.number(read(Controller.MEMORY, path, "memory.usage_in_bytes"));
    return new Usage(
        KeyedText.number(read(Controller.CPUACCT, path, "cpuacct.usage")),
        nanoseconds(KeyedText.value(ticks, "user"), NANOSECONDS_PER_TICK),
        nanoseconds(KeyedText.value(ticks, "system"), NANOSECONDS_PER_TICK),
        KeyedText.value(cpu, "nr_periods"),
        KeyedText.value(cpu, "nr_throttled"),
        KeyedText.value(cpu, "throttled_time"),
        current,
        Usage.workingSet(current, KeyedText.value(memory, "total_inactive_file")),
        KeyedText.value(memory, "total_rss"),
        KeyedText.value(memory, "total_cache"),
        KeyedText.value(read(Controller.MEMORY, path, "memory.oom_control"), "oom_kill"),
        blkio(path),
        KeyedText.number(read(Controller.PIDS, path, "pids.current")),
        isFrozen(path));
  }

  /**
   * The throttling layer counts for all schedulers, but on newer kernels only where a limit is set
   * for the device; the schedulers bfq and cfq count for themselves.
   */
  private List<DeviceTraffic> blkio(String path) {
    for (String layer : blkioLayers) {
      List<DeviceTraffic> devices =
          DeviceTraffic.ofBlkio(
              read(Controller.BLKIO, path, layer + "io_service_bytes_recursive"),
              read(Controller.BLKIO, path, layer + "io_serviced_recursive"));
      if (!devices.isEmpty()) {
        return devices;
      }
    }
    return List.of();
  }

  private boolean isFrozen(String path) {
    byte[] state = read(Controller.FREEZER, path, "freezer.state");
    return state.length >= 6 && state[0] == 'F';
  }

  private Limits limitsOfVersion2(String path) {
    String group = hierarchies.main() + path;
    String[][] cpu = KeyedText.lines(read(group + "/cpu.max"));
    boolean known = cpu.length > 0 && cpu[0].length == 2;
    return new Limits(
        Limits.orMax(read(group + "/memory.max")),
        known ? KeyedText.number(cpu[0][0]) : KeyedText.ABSENT,
        known ? KeyedText.number(cpu[0][1]) : KeyedText.ABSENT,
        Limits.orMax(read(group + "/pids.max")));
  }

  private Limits limitsOfVersion1(String path) {
    return new Limits(
        Limits.memoryOfVersion1(
            KeyedText.number(read(Controller.MEMORY, path, "memory.limit_in_bytes"))),
        KeyedText.number(read(Controller.CPU, path, "cpu.cfs_quota_us")),
        KeyedText.number(read(Controller.CPU, path, "cpu.cfs_period_us")),
        Limits.orMax(read(Controller.PIDS, path, "pids.max")));
  }

  /**
   * Adds the processes of the group itself, not of those below it: cgroups(7).
   *
   * @param path of the group
   * @param pids where they are added; 0 stands for one that the reader's pid namespace has not
   */
  void addProcesses(String path, List<Integer> pids) {
    byte[] text;
    try {
      text = files.readAll(hierarchies.main() + path + "/cgroup.procs", PROCESSES);
    } catch (ErrnoException gone) {
      return;
    }
    int pid = -1;
    for (byte letter : text) {
      int digit = letter - '0';
      if (digit >= 0 && digit <= 9) {
        pid = Math.max(0, pid) * 10 + digit;
      } else if (pid >= 0) {
        pids.add(pid);
        pid = -1;
      }
    }
  }

  private static long nanoseconds(long number, long unit) {
    return number < 0 ? KeyedText.ABSENT : number * unit;
  }

  private byte[] read(Controller controller, String path, String file) {
    @Nullable String tree = hierarchies.tree(controller);
    return tree == null ? NOTHING : read(tree + path + "/" + file);
  }

  private byte[] read(String path) {
    try {
      return files.readAll(path, SMALL);
    } catch (ErrnoException gone) {
      return NOTHING;
    }
  }
}
