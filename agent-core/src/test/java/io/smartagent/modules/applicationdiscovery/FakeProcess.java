package io.smartagent.modules.applicationdiscovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A process's directory in a /proc below {@code root}. */
class FakeProcess {

  private final Path root;
  private final int pid;
  private final String name;
  private @Nullable String executable;
  private String[] arguments;
  private String[] environment = {};
  private String cgroup = "0::/";
  private int parent = 1;
  private int uid;
  private int[] sockets = {};
  private @Nullable String namespace = "net:[4026531840]";
  private char state = 'S';
  private long flags = 0x400000;
  private long startTicks = 100;
  private String addresses = "";

  FakeProcess(Path root, int pid, String name) {
    this.root = root;
    this.pid = pid;
    this.name = name;
    this.arguments = new String[] {name};
  }

  FakeProcess executable(String path) {
    executable = path;
    return this;
  }

  FakeProcess arguments(String... all) {
    arguments = all;
    return this;
  }

  FakeProcess environment(String... assignments) {
    environment = assignments;
    return this;
  }

  FakeProcess cgroup(String line) {
    cgroup = line;
    return this;
  }

  FakeProcess parent(int newParent) {
    parent = newParent;
    return this;
  }

  FakeProcess unknownNamespace() {
    namespace = null;
    return this;
  }

  FakeProcess sockets(int... inodes) {
    sockets = inodes;
    return this;
  }

  FakeProcess uid(int newUid) {
    uid = newUid;
    return this;
  }

  FakeProcess state(char letter) {
    state = letter;
    return this;
  }

  FakeProcess flags(long newFlags) {
    flags = newFlags;
    return this;
  }

  FakeProcess startTicks(long ticks) {
    startTicks = ticks;
    return this;
  }

  /** Its parent's program, which it has not replaced yet. */
  FakeProcess forked() {
    flags |= 0x40;
    return this;
  }

  /** Has its arguments at this address, which a reader may see. */
  FakeProcess image(long argStart) {
    return addresses("94230316814336", argStart, argStart + 64, argStart + 64, argStart + 999);
  }

  /** As within execve(2), when the new program has replaced the old one but has no arguments. */
  FakeProcess executing() {
    arguments = new String[0];
    environment = new String[0];
    return addresses("0", 0, 0, 0, 0);
  }

  private FakeProcess addresses(
      String startCode, long argStart, long argEnd, long envStart, long envEnd) {
    addresses =
        " 0 0 0 %s 1 1 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 1 1 1 %d %d %d %d 0"
            .formatted(startCode, argStart, argEnd, envStart, envEnd);
    return this;
  }

  void make() throws IOException {
    String directory = "proc/" + pid + "/";
    write(
        directory + "stat",
        "%d (%s) %s %d 1 1 0 -1 %d 0 0 0 0 0 0 0 0 20 0 1 0 %d%s\n"
            .formatted(
                pid,
                name,
                state,
                parent,
                flags,
                startTicks,
                addresses.isEmpty() ? " 0 0" : addresses));
    write(directory + "comm", name + "\n");
    write(directory + "cgroup", cgroup + "\n");
    write(directory + "status", "Name:\tx\nUid:\t0\t" + uid + "\t0\t0\n");
    Files.write(root.resolve(directory + "cmdline"), terminated(arguments));
    Files.write(root.resolve(directory + "environ"), terminated(environment));
    if (namespace != null) {
      link(directory + "ns/net", namespace);
    }
    Files.createDirectories(root.resolve(directory + "fd"));
    for (int i = 0; i < sockets.length; i++) {
      link(directory + "fd/" + i, "socket:[" + sockets[i] + "]");
    }
    if (executable != null) {
      Path link = root.resolve(directory + "exe");
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(executable));
    }
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void link(String path, String target) throws IOException {
    Path link = root.resolve(path);
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  private static byte[] terminated(String[] strings) {
    StringBuilder text = new StringBuilder();
    for (String string : strings) {
      text.append(string).append('\0');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
