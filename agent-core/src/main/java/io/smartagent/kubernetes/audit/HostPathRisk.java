package io.smartagent.kubernetes.audit;

/**
 * Paths of the host that root's programs run or believe, that hold its secrets, or that a runtime
 * listens on.
 */
enum HostPathRisk {
  PASSWD("/etc/passwd", Kind.RUN, "the users of the host"),
  SHADOW("/etc/shadow", Kind.RUN_AND_SECRET, "the password hashes of the host"),
  GROUP("/etc/group", Kind.RUN, "the groups of the host"),
  SUDOERS("/etc/sudoers", Kind.RUN, "who may become root"),
  SUDOERS_D("/etc/sudoers.d", Kind.RUN, "who may become root"),
  PAM("/etc/pam.d", Kind.RUN, "how the host authenticates"),
  SSH("/etc/ssh", Kind.RUN_AND_SECRET, "the host's SSH keys and settings"),
  SSL_PRIVATE("/etc/ssl/private", Kind.SECRET, "private keys"),
  PRELOAD("/etc/ld.so.preload", Kind.RUN, "libraries that every program loads"),
  LINKER("/etc/ld.so.conf.d", Kind.RUN, "where programs look for libraries"),
  CRONTAB("/etc/crontab", Kind.RUN, "cron's jobs"),
  CRON_D("/etc/cron.d", Kind.RUN, "cron's jobs"),
  CRON_HOURLY("/etc/cron.hourly", Kind.RUN, "cron's jobs"),
  CRON_DAILY("/etc/cron.daily", Kind.RUN, "cron's jobs"),
  CRON_SPOOL("/var/spool/cron", Kind.RUN, "cron's jobs"),
  SYSTEMD("/etc/systemd", Kind.RUN, "systemd's units"),
  INIT_D("/etc/init.d", Kind.RUN, "scripts that run at boot"),
  PROFILE_D("/etc/profile.d", Kind.RUN, "scripts that run at login"),
  UDEV("/etc/udev", Kind.RUN, "udev's rules"),
  MODPROBE("/etc/modprobe.d", Kind.RUN, "commands that run where modules are loaded"),
  KUBERNETES("/etc/kubernetes", Kind.RUN_AND_SECRET, "static pods, keys and kubeconfigs"),
  CNI_SETTINGS("/etc/cni", Kind.RUN, "which network plugins the runtime runs as root"),
  CNI_PROGRAMS("/opt/cni/bin", Kind.RUN, "network plugins that the runtime runs as root"),
  CONTAINERD_SETTINGS("/etc/containerd", Kind.RUN, "the runtime's settings"),
  CRIO_SETTINGS("/etc/crio", Kind.RUN, "the runtime's settings"),
  DOCKER_SETTINGS("/etc/docker", Kind.RUN, "the runtime's settings"),
  BIN("/bin", Kind.RUN, "programs of the host"),
  SBIN("/sbin", Kind.RUN, "programs of the host"),
  LIB("/lib", Kind.RUN, "libraries and kernel modules of the host"),
  LIB64("/lib64", Kind.RUN, "libraries of the host"),
  USR_BIN("/usr/bin", Kind.RUN, "programs of the host"),
  USR_SBIN("/usr/sbin", Kind.RUN, "programs of the host"),
  USR_LIB("/usr/lib", Kind.RUN, "libraries, units and kernel modules of the host"),
  USR_LIB64("/usr/lib64", Kind.RUN, "libraries of the host"),
  USR_LOCAL("/usr/local", Kind.RUN, "programs of the host"),
  USR_LIBEXEC("/usr/libexec", Kind.RUN, "programs and volume plugins that root runs"),
  BOOT("/boot", Kind.RUN, "the kernel that boots next"),
  ROOT_HOME("/root", Kind.RUN_AND_SECRET, "root's home, its SSH keys among it"),
  PROC("/proc", Kind.RUN, "kernel settings such as core_pattern, a program that root runs"),
  SYS("/sys", Kind.RUN, "kernel settings such as uevent_helper, a program that root runs"),
  CGROUP("/sys/fs/cgroup", Kind.RUN, "control groups, of version 1 with release_agent"),
  KUBELET("/var/lib/kubelet", Kind.RUN_AND_SECRET_EXACTLY, "the kubelet's key and all pods'"),
  KUBELET_PKI("/var/lib/kubelet/pki", Kind.RUN_AND_SECRET, "the kubelet's key"),
  KUBELET_PODS("/var/lib/kubelet/pods", Kind.RUN_AND_SECRET, "volumes and tokens of all pods"),
  DOCKER("/var/lib/docker", Kind.RUN_AND_SECRET_EXACTLY, "the files of all containers"),
  CONTAINERD("/var/lib/containerd", Kind.RUN_AND_SECRET, "the files of all containers"),
  CONTAINERS("/var/lib/containers", Kind.RUN_AND_SECRET, "the files of all containers"),
  ETCD("/var/lib/etcd", Kind.RUN_AND_SECRET, "every Secret of the cluster"),
  K3S("/var/lib/rancher", Kind.RUN_AND_SECRET, "the cluster's keys and programs"),
  RUN_SYSTEMD("/run/systemd", Kind.RUN_EXACTLY, "systemd's units and its control socket"),
  RUN_UDEV("/run/udev", Kind.RUN, "udev's rules"),
  DOCKER_SOCKET("/run/docker.sock", Kind.SOCKET, "Docker"),
  CONTAINERD_SOCKET("/run/containerd/containerd.sock", Kind.SOCKET, "containerd"),
  K3S_SOCKET("/run/k3s/containerd/containerd.sock", Kind.SOCKET, "containerd of k3s"),
  DOCKER_CONTAINERD_SOCKET(
      "/run/docker/containerd/containerd.sock", Kind.SOCKET, "containerd of Docker"),
  CRIO_SOCKET("/run/crio/crio.sock", Kind.SOCKET, "CRI-O"),
  CRI_DOCKERD_SOCKET("/run/cri-dockerd.sock", Kind.SOCKET, "cri-dockerd"),
  DOCKERSHIM_SOCKET("/run/dockershim.sock", Kind.SOCKET, "dockershim"),
  PODMAN_SOCKET("/run/podman/podman.sock", Kind.SOCKET, "Podman");

  /** What makes a path one to look at. */
  enum Kind {
    /** Run or believed by root: bad where it can be written, and so is all below it. */
    RUN(true, false, true, false),
    /** The same, but what is below it is not all so. */
    RUN_EXACTLY(true, false, false, false),
    RUN_AND_SECRET(true, true, true, false),
    RUN_AND_SECRET_EXACTLY(true, true, false, false),
    SECRET(false, true, true, false),
    /** Bad however it is mounted. */
    SOCKET(false, false, false, true);

    private final boolean run;
    private final boolean secret;
    private final boolean below;
    private final boolean socket;

    Kind(boolean run, boolean secret, boolean below, boolean socket) {
      this.run = run;
      this.secret = secret;
      this.below = below;
      this.socket = socket;
    }
  }

  private final String path;
  private final Kind kind;
  private final String holds;

  HostPathRisk(String path, Kind kind, String holds) {
    this.path = path;
    this.kind = kind;
    this.holds = holds;
  }

  /** Returns the path. */
  String path() {
    return path;
  }

  /** Returns what is there, for the middle of a sentence. */
  String holds() {
    return holds;
  }

  /** Returns whether root runs or believes what is written there. */
  boolean isRun() {
    return kind.run;
  }

  /** Returns whether reading it is enough to do harm. */
  boolean isSecret() {
    return kind.secret;
  }

  /** Returns whether a runtime listens there. */
  boolean isSocket() {
    return kind.socket;
  }

  /** Returns whether a mount of {@code mounted} shows this, or a part of it that is as bad. */
  boolean isIn(String mounted) {
    return HostPaths.contains(mounted, path)
        || (kind.below && HostPaths.contains(path, mounted) && !HostPaths.isHarmless(mounted));
  }
}
