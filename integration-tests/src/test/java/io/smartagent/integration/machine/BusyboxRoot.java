package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.HostRoot.makeDirectory;
import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A host that has one program and no libc, such as a minimal container distribution. */
final class BusyboxRoot {

  static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      nobody:x:65534:65534:nobody:/nonexistent:/bin/false
      agent:x:1500:1500:agent:/home/agent:/bin/sh
      """;

  static final String GROUP =
      """
      root:x:0:
      adm:x:4:agent
      nogroup:x:65534:
      agent:x:1500:
      logs:x:1600:other,agent
      """;

  private BusyboxRoot() {}

  static void make(Path root) {
    for (String directory :
        List.of("bin", "boot", "dev", "etc", "lost+found", "opt", "proc", "root", "run", "sbin")) {
      makeDirectory(root.resolve(directory));
    }
    for (String directory : List.of("sys", "tmp", "usr", "var/lib/bonree", "srv")) {
      makeDirectory(root.resolve(directory));
    }
    try {
      Files.writeString(root.resolve("etc/passwd"), PASSWD);
      Files.writeString(root.resolve("etc/group"), GROUP);
      Files.writeString(root.resolve("root/secret"), "secret of root\n");
      Files.writeString(root.resolve("boot/vmlinuz-1"), "kernel\n");
      Files.writeString(root.resolve("vmlinuz.old"), "kernel\n");
      Files.copy(program(), root.resolve("bin/busybox"));
      for (String applet : run("busybox", "--list").orFail().out().lines().toList()) {
        if (!applet.equals("busybox")) {
          Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("chmod", "1777", root.resolve("tmp").toString()).orFail();
    run("mknod", "-m", "666", root.resolve("dev/null").toString(), "c", "1", "3").orFail();
  }

  /** Returns the machine's own; it has to be linked statically. */
  static Path program() {
    Path program = Path.of(run("sh", "-c", "command -v busybox").orFail().out().strip());
    if (run("ldd", program.toString()).exitCode() == 0) {
      throw new IllegalStateException(
          program
              + " needs a libc. Install the package busybox-static, as integration-tests/run-all does.");
    }
    return program;
  }
}
