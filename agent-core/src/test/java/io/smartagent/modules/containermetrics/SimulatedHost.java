package io.smartagent.modules.containermetrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A host's root of plain files, with control groups and processes as the kernel would show them.
 */
final class SimulatedHost {

  /** How the control groups are mounted. */
  enum Layout {
    VERSION_1,
    VERSION_2,
    HYBRID
  }

  /** What the kernel shows of a thousand seconds of uptime. */
  static final long UPTIME_TICKS = 100_000;

  private static final Map<String, List<String>> VERSION_1 =
      new TreeMap<>(
          Map.of(
              "memory", List.of("memory"),
              "cpu,cpuacct", List.of("cpu", "cpuacct"),
              "pids", List.of("pids"),
              "blkio", List.of("blkio"),
              "freezer", List.of("freezer"),
              "systemd", List.of()));

  private final Path root;
  private final Layout layout;

  SimulatedHost(Path root, Layout layout) throws IOException {
    this.root = root;
    this.layout = layout;
    write("proc/uptime", "1000.00 1500.00\n");
    write("proc/1/net/dev", "the host's\n");
    Files.createDirectories(root.resolve("proc/self/fd"));
    switch (layout) {
      case VERSION_2 -> write("sys/fs/cgroup/cgroup.controllers", "cpu io memory pids\n");
      case VERSION_1 -> makeVersion1();
      case HYBRID -> {
        makeVersion1();
        write("sys/fs/cgroup/unified/cgroup.controllers", "rdma\n");
      }
    }
  }

  private void makeVersion1() throws IOException {
    for (Map.Entry<String, List<String>> tree : VERSION_1.entrySet()) {
      Files.createDirectories(root.resolve("sys/fs/cgroup").resolve(tree.getKey()));
      if (tree.getKey().equals("blkio")) {
        for (String layer : List.of("throttle", "bfq")) {
          for (String what : List.of("io_service_bytes", "io_serviced")) {
            write("sys/fs/cgroup/blkio/blkio." + layer + "." + what + "_recursive", "Total 0\n");
          }
        }
      }
      for (String controller : tree.getValue()) {
        if (!controller.equals(tree.getKey())) {
          Files.createSymbolicLink(
              root.resolve("sys/fs/cgroup").resolve(controller), Path.of(tree.getKey()));
        }
      }
    }
  }

  Path root() {
    return root;
  }

  void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private List<String> trees() {
    return layout == Layout.VERSION_2
        ? List.of("sys/fs/cgroup")
        : VERSION_1.keySet().stream().map(name -> "sys/fs/cgroup/" + name).toList();
  }

  /** Writes a file of a control group in the tree that has it. */
  void control(String group, String file, String content) throws IOException {
    String controller = file.substring(0, file.indexOf('.'));
    for (String tree : trees()) {
      if (layout == Layout.VERSION_2
          || List.of(tree.substring("sys/fs/cgroup/".length()).split(",", -1))
              .contains(controller)) {
        write(tree + group + "/" + file, content);
      }
    }
  }

  /** Makes a control group with these processes in every tree. */
  void group(String group, int... pids) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int pid : pids) {
      text.append(pid).append('\n');
    }
    for (String tree : trees()) {
      write(tree + group + "/cgroup.procs", text.toString());
    }
    for (int pid : pids) {
      process(pid, group);
    }
  }

  /** Makes a process that has started so many seconds after the machine as its number says. */
  private void process(int pid, String group) throws IOException {
    write(
        "proc/" + pid + "/stat",
        pid + " (worker) S 1 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 3 0 " + pid * 100L + " 1 1\n");
    write(
        "proc/" + pid + "/cgroup",
        layout == Layout.VERSION_2 ? "0::" + group + "\n" : "4:memory:" + group + "\n0::/\n");
    for (int i = 0; i < 3; i++) {
      write("proc/" + pid + "/fd/" + i, "");
    }
  }

  /** Gives the process a network namespace of its own. */
  void network(int pid, String... interfaces) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    4096      16    0    0    0     0          0         0     4096      16    0    0    0     0       0          0
            """);
    for (String name : interfaces) {
      text.append("  ").append(name).append(": 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0\n");
    }
    write("proc/" + pid + "/net/dev", text.toString());
  }

  /** Puts a process into the network namespace of another one: what they see is the same inode. */
  void sameNetwork(int pid, int other) throws IOException {
    Path file = root.resolve("proc/" + pid + "/net/dev");
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Files.createLink(file, root.resolve("proc/" + other + "/net/dev"));
  }

  /** Removes a control group and its processes. */
  void end(String group, int... pids) throws IOException {
    List<Path> gone = new ArrayList<>();
    for (String tree : trees()) {
      gone.add(root.resolve(tree + group));
    }
    for (int pid : pids) {
      gone.add(root.resolve("proc/" + pid));
    }
    for (Path directory : gone) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Gives a control group of version 2 the numbers of a container that works. */
  void work(String group) throws IOException {
    if (layout == Layout.VERSION_2) {
      control(group, "cpu.stat", VERSION_2_CPU);
      control(group, "cpu.max", "20000 100000\n");
      control(group, "memory.current", "10485760\n");
      control(group, "memory.max", "67108864\n");
      control(
          group,
          "memory.stat",
          "anon 6291456\nfile 4194304\nkernel 0\ninactive_file 3145728\n" + REST);
      control(
          group, "memory.events", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n");
      control(
          group, "io.stat", "254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n7:0 \n");
      control(group, "pids.current", "6\n");
      control(group, "pids.max", "max\n");
      control(group, "cgroup.events", "populated 1\nfrozen 0\n");
      return;
    }
    control(group, "cpuacct.usage", "5000000000\n");
    control(group, "cpuacct.stat", "user 300\nsystem 200\n");
    control(
        group,
        "cpu.stat",
        "nr_periods 100\nnr_throttled 40\nthrottled_time 2500000000\nnr_bursts 0\n");
    control(group, "cpu.cfs_quota_us", "20000\n");
    control(group, "cpu.cfs_period_us", "100000\n");
    control(group, "memory.usage_in_bytes", "10485760\n");
    control(group, "memory.limit_in_bytes", "67108864\n");
    control(
        group,
        "memory.stat",
        """
        cache 1
        rss 1
        inactive_file 1
        total_cache 4194304
        total_rss 6291456
        total_inactive_file 3145728
        """);
    control(group, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    control(
        group,
        "blkio.throttle.io_service_bytes_recursive",
        "254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 0\n254:0 Total 12288\nTotal 12288\n");
    control(
        group,
        "blkio.throttle.io_serviced_recursive",
        "254:0 Read 1\n254:0 Write 2\n254:0 Total 3\nTotal 3\n");
    control(group, "pids.current", "6\n");
    control(group, "pids.max", "max\n");
    control(group, "freezer.state", "THAWED\n");
  }

  private static final String VERSION_2_CPU =
      """
      usage_usec 5000000
      user_usec 3000000
      system_usec 2000000
      nr_periods 100
      nr_throttled 40
      throttled_usec 2500000
      nr_bursts 0
      burst_usec 0
      """;

  /** The kernel's own is as long. */
  private static final String REST =
      """
      kernel_stack 49152
      pagetables 135168
      sec_pagetables 0
      percpu 0
      sock 0
      vmalloc 0
      shmem 0
      zswap 0
      zswapped 0
      file_mapped 0
      file_dirty 0
      file_writeback 0
      swapcached 0
      anon_thp 0
      file_thp 0
      shmem_thp 0
      inactive_anon 0
      active_anon 6291456
      active_file 1048576
      unevictable 0
      slab_reclaimable 0
      slab_unreclaimable 0
      slab 0
      workingset_refault_anon 0
      workingset_refault_file 0
      workingset_activate_anon 0
      workingset_activate_file 0
      pgscan 0
      pgsteal 0
      pgfault 1032
      pgmajfault 0
      """;
}
