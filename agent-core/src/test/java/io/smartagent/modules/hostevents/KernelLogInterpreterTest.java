package io.smartagent.modules.hostevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.Event;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KernelLogInterpreterTest {

  private static final String A =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String B =
      "b5c6d7e8f90a1b2c3d4e5f60718293a4b53f1c9a7b5d2e4f60718293a4b5c6d7";
  private static final String POD = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String BURSTABLE_POD =
      "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
          + POD.replace('-', '_')
          + ".slice";

  @Test
  void readsAKillOfRedHat7() throws Exception {
    String cgroup = "/kubepods/burstable/pod" + POD + "/" + A;

    assertThat(reports("linux-3.10-rhel7.log"))
        .containsExactly(
            new OomKill(
                8_312_104_361L,
                4015,
                "python",
                1000L,
                OomScope.CONTAINER,
                cgroup,
                cgroup,
                33_554_432L,
                32812 * 1024L,
                23588 * 1024L));
  }

  @Test
  void reportsTheChildThatWasSacrificedInsteadOfTheChosenProcess() throws Exception {
    assertThat(reports("linux-4.15-sacrificed-child.log"))
        .containsExactly(
            new OomKill(
                901_000_005L,
                25170,
                "y (child), z",
                null,
                OomScope.CONTAINER,
                "/docker/" + A,
                "/docker/" + A,
                67_108_864L,
                70000 * 1024L,
                60000 * 1024L));
  }

  @Test
  void readsAGlobalKillBeforeLinux5() throws Exception {
    assertThat(reports("linux-4.19-global.log"))
        .containsExactly(
            new OomKill(
                500_100_110L,
                1312,
                "mysqld",
                null,
                OomScope.GLOBAL,
                null,
                null,
                null,
                4_012_344 * 1024L,
                3_301_200 * 1024L));
  }

  @Test
  void readsTheConstraintLineOfLinux5AndAStaticPodsUid() throws Exception {
    Event event = onlyEvent("linux-5.0.log");

    assertThat(event.type()).isEqualTo("PodOOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "container")
        .containsEntry("pid", 7024)
        .containsEntry("process", "hog")
        .containsEntry("uid", 65534L)
        .containsEntry("containerId", A)
        .containsEntry("podUid", "d41d8cd98f00b204e9800998ecf8427e")
        .containsEntry("limitBytes", 52_428_800L);
  }

  @Test
  void reportsEveryVictimOfAGroupKillOnce() throws Exception {
    String container = BURSTABLE_POD + "/cri-containerd-" + A + ".scope";

    assertThat(reports("linux-5.10-pod-limit-group.log"))
        .containsExactly(
            new OomKill(
                6_000_000_004L,
                301,
                "worker",
                33L,
                OomScope.POD,
                BURSTABLE_POD,
                container,
                536_870_912L,
                400_000 * 1024L,
                300_000 * 1024L),
            new OomKill(
                6_000_000_007L,
                300,
                "master",
                0L,
                OomScope.POD,
                BURSTABLE_POD,
                container,
                536_870_912L,
                9000 * 1024L,
                2000 * 1024L));
  }

  @Test
  void attachesTheVictimsPodToAGlobalKill() throws Exception {
    Event event = onlyEvent("linux-5.15-global.log");

    assertThat(event.type()).isEqualTo("OOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "global")
        .containsEntry("process", "java")
        .containsEntry("containerId", B)
        .containsEntry("podUid", POD)
        .containsEntry("limitBytes", null);
  }

  @Test
  void tellsAnExhaustedNodeAllocatableFromAPodsLimit() throws Exception {
    Event event = onlyEvent("linux-6.1-allocatable.log");

    assertThat(event.type()).isEqualTo("OOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "allocatable")
        .containsEntry("containerId", B)
        .containsEntry("podUid", POD)
        .containsEntry("limitBytes", 8_589_934_592L);
  }

  @Test
  void reportsAPlainContainersKillWithoutAPod() throws Exception {
    Event event = onlyEvent("linux-6.18-docker.log");

    assertThat(event.type()).isEqualTo("PodOOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "container")
        .containsEntry("pid", 17814)
        .containsEntry("process", "tail")
        .containsEntry("uid", 0L)
        .containsEntry("containerId", A)
        .containsEntry("podUid", null)
        .containsEntry("memoryCgroup", "/docker/" + A)
        .containsEntry("limitBytes", 33_554_432L)
        .containsEntry("anonRssBytes", 32256 * 1024L)
        .containsEntry("totalVmBytes", 34472 * 1024L);
  }

  @Test
  void isNotMisledByProcessNames() throws Exception {
    List<KernelReport> reports = reports("hostile-names.log");

    assertThat(reports).hasSize(3);
    assertThat(reports.get(0))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.process()).isEqualTo("a,task=b,uid=0");
              assertThat(kill.uid()).isEqualTo(5);
              assertThat(kill.memoryCgroup()).isEqualTo("/docker/" + A);
            });
    assertThat(reports.get(1))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.process()).isEqualTo("x) total-vm:1k");
              assertThat(kill.totalVmBytes()).isEqualTo(200 * 1024);
            });
    assertThat(reports.get(2))
        .isInstanceOfSatisfying(
            HungTask.class,
            task -> {
              assertThat(task.process()).isEqualTo("a:1 blocked fo");
              assertThat(task.pid()).isEqualTo(33);
            });
  }

  @Test
  void believesNothingThatTheKernelDidNotWrite() throws Exception {
    assertThat(reports("forged.log")).isEmpty();
  }

  @Test
  void doesNotGiveAKillTheCgroupOfAnother() throws Exception {
    List<KernelReport> reports = reports("rate-limited.log");

    assertThat(reports).hasSize(2);
    assertThat(reports.get(1))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.pid()).isEqualTo(1002);
              assertThat(kill.scope()).isEqualTo(OomScope.UNKNOWN);
              assertThat(kill.memoryCgroup()).isNull();
            });
  }

  @Test
  void readsHungTasksWithWhatBlocksThem() throws Exception {
    assertThat(reports("hung-tasks.log"))
        .containsExactly(
            new HungTask(368_100_000L, 11071, "touch", 120, false, null),
            new HungTask(488_900_000L, 11071, "touch", 241, false, null),
            new HungTask(600_000_000L, 500, "dd", 122, true, null),
            new HungTask(
                700_000_000L, 812, "cat", 122, false, new Blocker(811, "holder x", "mutex")),
            new HungTask(
                710_000_000L, 813, "rm", 122, false, new Blocker(811, "fsfreeze", "rw-semaphore")));
  }

  @Test
  void joinsLinesThatComeOneByOne() throws Exception {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports = new ArrayList<>();
    for (KernelLogLine line : lines("linux-6.18-docker.log")) {
      reports.addAll(interpreter.interpret(List.of(line)));
      reports.addAll(interpreter.caughtUp());
    }

    assertThat(reports).isEqualTo(reports("linux-6.18-docker.log")).hasSize(1);
  }

  private static Event onlyEvent(String file) throws IOException {
    List<KernelReport> reports = reports(file);
    assertThat(reports).hasSize(1);
    return switch (reports.getFirst()) {
      case OomKill kill -> HostEventTypes.of(kill, Instant.EPOCH, "syslog", false);
      case HungTask task ->
          HostEventTypes.of(task, CgroupOwner.NONE, Instant.EPOCH, "syslog", false);
    };
  }

  private static List<KernelReport> reports(String file) throws IOException {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports = new ArrayList<>(interpreter.interpret(lines(file)));
    reports.addAll(interpreter.caughtUp());
    return reports;
  }

  private static List<KernelLogLine> lines(String file) throws IOException {
    try (InputStream text =
        KernelLogInterpreterTest.class.getResourceAsStream("/modules/kernel-log/" + file)) {
      return SyslogText.parse(
          new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
