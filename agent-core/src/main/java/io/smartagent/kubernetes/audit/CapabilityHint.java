package io.smartagent.kubernetes.audit;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_NET_BIND_SERVICE;
import static io.smartagent.kernel.capability.Capability.CAP_NET_RAW;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_MODULE;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.regex.Pattern;

/** What in a manifest lets one expect that a container uses a capability. */
enum CapabilityHint {
  BPF_MAPS("it mounts the BPF file system", CAP_BPF, CAP_PERFMON) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return mounts(container, "/sys/fs/bpf");
    }
  },
  TRACING("it mounts debugfs or tracefs", CAP_PERFMON, CAP_DAC_READ_SEARCH) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return mounts(container, "/sys/kernel/debug") || mounts(container, "/sys/kernel/tracing");
    }
  },
  FIREWALL("it mounts the lock of iptables", CAP_NET_ADMIN, CAP_NET_RAW) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return mounts(container, "/run/xtables.lock");
    }
  },
  NETWORK_NAMESPACES("it mounts the network namespaces of the host", CAP_SYS_ADMIN, CAP_NET_ADMIN) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return mounts(container, "/run/netns") || mounts(container, "/run/docker/netns");
    }
  },
  NETWORK_PROGRAMS("its command sets up the network", CAP_NET_ADMIN, CAP_NET_RAW) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return runs(container, NETWORK);
    }
  },
  MODULES("its command loads kernel modules", CAP_SYS_MODULE) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return runs(container, MODULE);
    }
  },
  MOUNTING("its command mounts", CAP_SYS_ADMIN) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return runs(container, MOUNT);
    }
  },
  HOST_NAMESPACES(
      "its command enters the host's namespaces or root",
      CAP_SYS_ADMIN,
      CAP_SYS_CHROOT,
      CAP_SYS_PTRACE) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return runs(container, ENTER);
    }
  },
  HOST_PROCESSES("hostPID lets it look at processes of other users", CAP_SYS_PTRACE) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return pod.hostPid();
    }
  },
  HOST_FILES("it mounts files of the host that belong to other users", CAP_DAC_READ_SEARCH) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return container.mounts().stream()
          .anyMatch(mount ->
              mount.hostPath() != null
                  && FILES_OF_OTHERS.stream()
                      .anyMatch(files ->
                          HostPaths.contains(mount.hostPath(), files)
                              || HostPaths.contains(files, mount.hostPath())));
    }
  },
  LOW_PORTS("it listens on a port below 1024", CAP_NET_BIND_SERVICE) {
    @Override
    boolean isIn(Pod pod, Container container) {
      return container.lowPorts();
    }
  };

  private static final List<String> FILES_OF_OTHERS =
      List.of("/var/log", "/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/home");

  private static final Pattern NETWORK =
      program("iptables|ip6tables|iptables-\\w+|nft|ipset|ipvsadm|ip|tc|ethtool|conntrack");
  private static final Pattern MODULE = program("modprobe|insmod|rmmod");
  private static final Pattern MOUNT = program("mount|umount|losetup|cryptsetup");
  private static final Pattern ENTER = program("nsenter|chroot");

  private final String because;
  private final long bits;

  CapabilityHint(String because, Capability... capabilities) {
    this.because = because;
    this.bits = CapabilitySet.of(capabilities).bits();
  }

  /** Returns whether it is there. */
  abstract boolean isIn(Pod pod, Container container);

  /** Returns what is there, as the end of a sentence. */
  String because() {
    return because;
  }

  /** Returns the capabilities that go with it. */
  CapabilitySet capabilities() {
    return new CapabilitySet(bits);
  }

  /** The name of a program as a command, at the start of a line or behind what ends a command. */
  private static Pattern program(String names) {
    return Pattern.compile(
        "(?:^|[;&|(\\n]|\\b(?:then|do|else|exec|sudo))\\s*(?:/[\\w./-]*/)?(?:"
            + names
            + ")(?=\\s|$)");
  }

  private static boolean mounts(Container container, String path) {
    return container.mounts().stream()
        .anyMatch(mount -> mount.hostPath() != null && HostPaths.contains(path, mount.hostPath()));
  }

  private static boolean runs(Container container, Pattern programs) {
    return container.command().stream().limit(16).anyMatch(words -> programs.matcher(words).find());
  }
}
