package io.smartagent.kubernetes.deploy;

import java.util.List;

/** The directories of a host that mode minimal may show, and who looks into them. */
public enum HostDirectory {
  BIN("/bin", Audience.INSTALLER, "commands"),
  DEV("/dev", Audience.ALL, "/dev/null and its kin; the kernel log's device"),
  ETC("/etc", Audience.ALL, "the host's accounts; configuration of container runtimes"),
  LIB("/lib", Audience.INSTALLER, "libraries of commands"),
  LIB64("/lib64", Audience.INSTALLER, "libraries of commands"),
  PROC("/proc", Audience.ALL, "processes, counters, mounts"),
  RUN("/run", Audience.MODULES, "state of container runtimes"),
  SBIN("/sbin", Audience.INSTALLER, "commands"),
  SYS("/sys", Audience.MODULES, "control groups, network interfaces, file systems"),
  VAR("/var", Audience.MODULES, "state of container runtimes and kubelet, logs");

  private enum Audience {
    ALL,
    MODULES,
    INSTALLER
  }

  private final String path;
  private final Audience audience;
  private final String content;

  HostDirectory(String path, Audience audience, String content) {
    this.path = path;
    this.audience = audience;
    this.content = content;
  }

  /** Returns the path on the host. */
  public String path() {
    return path;
  }

  /** Returns whether the launch or any agent needs it. */
  public boolean isForAll() {
    return audience == Audience.ALL;
  }

  /** Returns whether modules that look at containers need it. */
  public boolean isForModules() {
    return audience == Audience.MODULES;
  }

  /** Returns what is in it, for people. */
  public String content() {
    return content;
  }

  /** Returns who needs it for what, as a sentence. */
  String reason(List<String> modules) {
    String who =
        switch (audience) {
          case ALL -> "launch and agent";
          case MODULES -> readers(modules);
          case INSTALLER -> "installer";
        };
    return who + ": " + content + ".";
  }

  /** Returns who reads what modules read; without any it is an agent that was installed. */
  static String readers(List<String> modules) {
    return modules.isEmpty() ? "installed agent" : String.join(", ", modules);
  }
}
