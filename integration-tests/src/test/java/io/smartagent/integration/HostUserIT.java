package io.smartagent.integration;

import static io.smartagent.integration.Launches.UNAVAILABLE;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.step;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SeccompProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The user that is made on the host, its groups, and the files that become its own. */
final class HostUserIT {

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private final HostRoot root = afterwards.close(HostRoot.debian());
  private final Path etc = root.scratch().resolve("etc");

  /** The Debian is everybody's, so a copy of its /etc is what is written to. */
  private Launcher launcher(String... moreMounts) {
    if (!Files.exists(etc)) {
      Programs.run("cp", "-a", root.path("/etc").toString(), etc.toString()).orFail();
    }
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.addAll(List.of("-v", etc + ":/mnt/root/etc"));
    mounts.addAll(Arrays.asList(moreMounts));
    return Launcher.on(root).mounts(mounts);
  }

  private String stat(Path file, String format) {
    return Programs.run("stat", "-c", format, file.toString()).orFail().out().strip();
  }

  /** The ways in which /etc is sealed when the user is there. */
  enum Way {
    DOCKERS_PROFILE,
    OLD_KERNEL;

    Launcher of(Launcher launcher) {
      return switch (this) {
        case DOCKERS_PROFILE -> launcher;
        case OLD_KERNEL ->
            launcher.option(
                "--security-opt",
                SeccompProfile.hiding("mount_setattr", "open_tree", "move_mount"));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void makesAUserWithTheHostsOwnToolsAndSealsEtcThen(Way way) throws Exception {
    JsonNode planned = way.of(launcher()).plan();
    int uid = planned.get("user").get("uid").asInt();
    assertThat(step(planned, "create-user")).endsWith(" with /usr/sbin/useradd");
    assertThat(etc.resolve("passwd")).content().doesNotContain("smartagent");

    Completed first =
        succeeded(
            way.of(launcher())
                .run(
                    "sh",
                    "-c",
                    "id; getent passwd smartagent; getent group smartagent;"
                        + " touch /etc/written; touch /etc/apt/written; true"));

    assertThat(first.out().lines())
        .containsExactly(
            "uid=%1$d(smartagent) gid=%1$d(smartagent) groups=%1$d(smartagent)".formatted(uid),
            "smartagent:x:%1$d:%1$d::/nonexistent:/usr/sbin/nologin".formatted(uid),
            "smartagent:x:%d:".formatted(uid));
    assertThat(first.error())
        .contains("No user was named, so \"smartagent\" is made on the host.")
        .contains("touch: cannot touch '/etc/written': Read-only file system")
        .contains("touch: cannot touch '/etc/apt/written': Read-only file system");
    assertThat(etc.resolve("shadow")).content().containsPattern("(?m)^smartagent:!\\*?:");
    assertThat(stat(etc.resolve("shadow"), "%U:%G %a")).isEqualTo("root:shadow 640");
    assertThat(stat(root.runtimeHere(), "%u:%g")).isEqualTo(uid + ":" + uid);
    String accounts = Files.readString(etc.resolve("passwd"));

    Completed second =
        succeeded(way.of(launcher()).run("sh", "-c", "id -un; touch /etc/written; true"));

    assertThat(second.out()).isEqualTo("smartagent\n");
    assertThat(second.error())
        .contains("the host has \"smartagent\"")
        .contains("Read-only file system");
    assertThat(etc.resolve("passwd")).hasContent(accounts);
  }

  @Test
  void makesOneUserWhereTwoStartAtOnce() throws Exception {
    HostRoot.makeDirectory(root.runtimeHere().resolve("runtime"));
    List<RunningContainer> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(afterwards.close(launcher().start("id", "-un")));
    }

    for (RunningContainer container : both) {
      assertThat(container.awaitEnd()).as("%s", container.logs()).isZero();
      assertThat(container.logs().out()).isEqualTo("smartagent\n");
    }
    for (String file : List.of("passwd", "group", "shadow", "gshadow")) {
      assertThat(Files.readAllLines(etc.resolve(file)))
          .filteredOn(line -> line.startsWith("smartagent:"))
          .as(file)
          .hasSize(1);
    }
  }

  /** A file that is a mount of its own cannot be replaced, which is what useradd does. */
  @Test
  void saysWhatUseraddSaidAndTakesTheRestBack() throws Exception {
    Launcher launcher = launcher("-v", etc.resolve("passwd") + ":/mnt/root/etc/passwd");

    refused(launcher.run("id"), UNAVAILABLE)
        .contains("User \"smartagent\" could not be made on the host: ")
        .contains("useradd: ")
        .contains("ended with status 1")
        .contains("Group \"smartagent\" was made on the host and stays there");

    assertThat(etc.resolve("passwd")).content().doesNotContain("smartagent");
    assertThat(stat(root.runtimeHere(), "%u:%g")).isEqualTo("0:0");
    assertThat(root.runtimeHere()).isEmptyDirectory();
  }

  @Test
  void makesTheUserWithoutSysAdminAndSaysThatEtcStaysWritable() {
    Completed launched =
        succeeded(
            launcher()
                .without("SYS_ADMIN")
                .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")
                .run("id", "-un"));

    assertThat(launched.out()).isEqualTo("smartagent\n");
    assertThat(launched.error()).contains("The host's /etc stays writable");
  }

  @Test
  void runsAsRootWhereNoUserCanBeMade() {
    Completed launched = succeeded(Launcher.on(root).run("id", "-u"));

    assertThat(launched.out()).isEqualTo("0\n");
    assertThat(launched.error())
        .contains("No user was named, and none can be made in the host's read-only /etc");
  }

  @Test
  void isInTheGroupsThatIdFindsInAnOddGroupFile() throws Exception {
    launcher();
    String many =
        IntStream.rangeClosed(1, 3000)
            .mapToObj(i -> "many" + i + ":x:" + (20_000 + i) + ":other" + i + ",agent\n")
            .collect(Collectors.joining());
    String odd =
        "spaced:x:3001: agent\n"
            + "behind:x:3002:agent \n"
            + "between:x:3003:a b,agent,c d\n"
            + "alike:x:3004:agents,xagent\n"
            + "twice:x:3005:agent,agent\n"
            + "empty:x:3006:,,agent,\n"
            + "short:x:3007\n"
            + "colon:x:3008:agent,x:y\n"
            + "long:x:3009:"
            + "another-user,".repeat(20_000)
            + "agent\n"
            + "last:x:3010:agent";
    Files.writeString(etc.resolve("group"), many + odd, StandardOpenOption.APPEND);

    List<String> lines =
        succeeded(launcher().user("agent").run("sh", "-c", "id -G; id -G agent"))
            .out()
            .lines()
            .toList();

    assertThat(numbers(lines.get(0))).hasSizeGreaterThan(3000).isEqualTo(numbers(lines.get(1)));
  }

  private static Set<Integer> numbers(String line) {
    return Arrays.stream(line.split(" "))
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void givesTheFormerUsersFilesToTheNewOneButNothingThatWasPlanted() throws Exception {
    Path data = root.runtimeHere();
    Path outside = Files.createFile(root.scratch().resolve("outside"));
    Path spool = HostRoot.makeDirectory(data.resolve("spool"));
    Files.createFile(spool.resolve("event"));
    Files.createFile(data.resolve("of-root"));
    Files.createLink(data.resolve("hard"), outside);
    Files.createSymbolicLink(data.resolve("soft"), Path.of("/etc/passwd"));
    Files.createFile(data.resolve("setuid"));
    HostRoot.makeDirectory(data.resolve("runtime"));
    for (Path file :
        List.of(data, outside, spool, spool.resolve("event"), data.resolve("setuid"))) {
      Programs.run("chown", "70000:70000", file.toString()).orFail();
    }
    Programs.run("chmod", "4755", data.resolve("setuid").toString()).orFail();

    String script = "stat -c '%n %u:%g %a' . * spool/event; echo >>spool/event";
    Completed launched =
        succeeded(Launcher.on(root).user("agent").run("sh", "-c", "cd /var/lib/bonree; " + script));

    assertThat(launched.out().lines())
        .contains(
            ". 1500:1500 755",
            "spool 1500:1500 755",
            "spool/event 1500:1500 644",
            "setuid 1500:1500 755",
            "of-root 0:0 644",
            "hard 70000:70000 644",
            "runtime 0:0 755");
    assertThat(stat(outside, "%u")).isEqualTo("70000");

    List<String> before = root.inventory();
    assertThat(step(Launcher.on(root).user("agent").plan(), "change-owner")).isEmpty();
    assertThat(root.inventory()).isEqualTo(before);
  }
}
