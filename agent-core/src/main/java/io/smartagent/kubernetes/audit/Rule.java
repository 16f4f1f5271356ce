package io.smartagent.kubernetes.audit;

/**
 * What containers are looked through for. The ids are a contract: they are in the output, and
 * suppressions of findings refer to them.
 */
public enum Rule {
  PRIVILEGED(
      "privileged",
      "Privileged container",
      "It has every capability and every device of the host; no seccomp, AppArmor or read-only"
          + " procfs restricts it.",
      "Remove privileged and add the capabilities that it uses."),
  CAPABILITY_AS_ROOT(
      "capability-as-root",
      "Capability that amounts to root on the host",
      "With this capability a process of user 0 takes over the host.",
      "Remove the capability from capabilities.add, or set hostUsers: false in a pod without"
          + " hostPID, hostIPC and hostNetwork."),
  CAPABILITY_REACHES_HOST(
      "capability-reaches-host",
      "Capability that reaches beyond the container",
      "The capability acts on the whole node.",
      "Remove the capability from capabilities.add where nothing needs it."),
  CAPABILITY_BEYOND_BASELINE(
      "capability-beyond-baseline",
      "Capability that containers do not have by default",
      "The Pod Security Standards allow it at the level Privileged only.",
      "Remove the capability from capabilities.add where nothing needs it."),
  HOST_PROCESS(
      "windows-host-process",
      "HostProcess container of Windows",
      "It runs on the host itself, as a user of the host: Windows' way to be privileged.",
      "Take windowsOptions.hostProcess away."),
  HOST_PATH_AS_ROOT(
      "host-path-as-root",
      "Writable path of the host that amounts to root on it",
      "What is written there is run or believed by root of the host.",
      "Mount only the directory that it needs, with readOnly: true."),
  RUNTIME_SOCKET(
      "runtime-socket",
      "Socket of the container runtime",
      "Any process that reaches it can start a privileged container, also through a read-only"
          + " mount.",
      "Do not mount it: query the kubelet or the API server instead."),
  HOST_PATH_SECRETS(
      "host-path-secrets",
      "Readable path of the host with its secrets",
      "It holds keys or password hashes of the host, or the tokens of other pods.",
      "Mount only the directory that it needs."),
  HOST_PATH(
      "host-path",
      "Path of the host",
      "The Pod Security Standards allow no hostPath volumes, but for privileged pods.",
      "Use a volume of another kind, or mount it with readOnly: true."),
  HOST_PID(
      "host-pid",
      "Processes of the host",
      "It sees every process of the host, its arguments, and environments of the same user.",
      "Take hostPID away."),
  HOST_NETWORK(
      "host-network",
      "Network of the host",
      "It reaches what listens on the host's loopback address, and can sit in other pods' traffic.",
      "Take hostNetwork away."),
  HOST_PORT(
      "host-port",
      "Port of the host",
      "It takes a port on every address of the node, where network policies may not apply.",
      "Take hostPort away, and use a Service."),
  UNSAFE_SYSCTL(
      "unsafe-sysctl",
      "Kernel setting that Kubernetes does not call safe",
      "The setting may reach other pods or the stability of the node.",
      "Remove it from securityContext.sysctls, or set it on the node."),
  HOST_IPC(
      "host-ipc",
      "Interprocess communication of the host",
      "It reaches shared memory, semaphores and message queues of the host's processes.",
      "Take hostIPC away."),
  PRIVILEGE_ESCALATION(
      "privilege-escalation",
      "Programs may gain privileges",
      "Programs with the set-user-ID bit or file capabilities work in it.",
      "Set allowPrivilegeEscalation: false."),
  ROOT_USER(
      "root-user",
      "Runs as user 0",
      "User 0 of a container is user 0 of the host, but for its capabilities.",
      "Set runAsUser to another user and runAsNonRoot: true, or hostUsers: false in a pod without"
          + " hostPID, hostIPC and hostNetwork."),
  PROC_MOUNT(
      "proc-mount-unmasked",
      "Unmasked procfs",
      "What the runtime hides of /proc, or makes read-only, is there.",
      "Take procMount away."),
  SECCOMP(
      "seccomp-unconfined",
      "No seccomp profile",
      "Every system call of the kernel can be tried.",
      "Set seccompProfile: {type: RuntimeDefault}."),
  APPARMOR(
      "apparmor-unconfined",
      "No AppArmor profile",
      "Mounts and writes to /proc and /sys, which the default profile denies, are allowed.",
      "Set appArmorProfile: {type: RuntimeDefault}."),
  SELINUX(
      "selinux-unconfined",
      "No confinement by SELinux",
      "The type lets it act on the host's files and processes as an unconfined process.",
      "Take seLinuxOptions.type away.");

  private final String id;
  private final String title;
  private final String reason;
  private final String remedy;

  Rule(String id, String title, String reason, String remedy) {
    this.id = id;
    this.title = title;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Returns its name in output. */
  public String id() {
    return id;
  }

  /** Returns what it finds, in a few words. */
  public String title() {
    return title;
  }

  /** Returns why that matters, as a sentence. */
  public String reason() {
    return reason;
  }

  /** Returns what to do about it, as a sentence. */
  public String remedy() {
    return remedy;
  }
}
