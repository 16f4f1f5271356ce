package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.HostRoot.makeDirectory;
import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A Debian with what the tests ask, made once and kept for the next run: that takes fifteen
 * seconds, and a network. Every test sees the same one, so none may change it.
 *
 * <p>It has a user {@code agent} (1500:1500) who is in the groups adm (4) and logs (1600) too, and
 * three programs that would give capabilities if they could.
 */
final class DebianRoot {

  private static final Path ROOTS = Path.of("/var/tmp/smartagent-test-roots");

  /** A new number for each change of what is in it. */
  private static final Path ROOT = ROOTS.resolve("debian-1");

  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private DebianRoot() {}

  static synchronized Path path() {
    makeDirectory(ROOTS);
    try (FileChannel lock =
            FileChannel.open(
                ROOTS.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      if (held.isValid() && !Files.exists(ROOT)) {
        make();
      }
      return ROOT;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Renamed into place when it is complete, so that an interrupted one is never used. */
  private static void make() throws IOException {
    Path unfinished = ROOTS.resolve("unfinished");
    run("rm", "-rf", unfinished.toString()).orFail();
    String codename =
        run("sh", "-c", ". /etc/os-release; echo \"$VERSION_CODENAME\"").out().strip();
    Programs.run(
            List.of(
                "mmdebstrap",
                "--variant=minbase",
                "--include=libcap2-bin,util-linux,procps,iproute2",
                codename,
                unfinished.toString()),
            TIMEOUT)
        .orFail();
    Files.writeString(
        unfinished.resolve("etc/passwd"),
        "agent:x:1500:1500:agent:/home/agent:/bin/sh\n",
        StandardOpenOption.APPEND);
    String groups = Files.readString(unfinished.resolve("etc/group"));
    Files.writeString(
        unfinished.resolve("etc/group"),
        groups.replaceFirst("(?m)^adm:x:4:$", "adm:x:4:agent")
            + "agent:x:1500:\nlogs:x:1600:other,agent\n");
    makeDirectory(unfinished.resolve("var/lib/bonree"));
    makeDirectory(unfinished.resolve("lost+found"));
    Files.writeString(unfinished.resolve("lost+found/found"), "lost\n");
    Files.writeString(unfinished.resolve("boot/vmlinuz-1"), "kernel\n");
    Files.writeString(unfinished.resolve("root/secret"), "secret of root\n");
    copyOfCapsh(unfinished, "capsh-setuid", "chmod", "4755");
    copyOfCapsh(unfinished, "capsh-permitted", "setcap", "cap_sys_admin,cap_net_raw=ep");
    copyOfCapsh(unfinished, "capsh-inheritable", "setcap", "cap_syslog,cap_sys_admin=eip");
    run("mv", unfinished.toString(), ROOT.toString()).orFail();
  }

  private static void copyOfCapsh(Path root, String name, String program, String argument) {
    String copy = root.resolve("usr/local/bin/" + name).toString();
    run("cp", root.resolve("usr/sbin/capsh").toString(), copy).orFail();
    run(program, argument, copy).orFail();
  }
}
