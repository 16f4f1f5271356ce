package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.LabelSelector;
import io.smartagent.module.LogFilter;
import io.smartagent.module.NamespaceSelection;
import io.smartagent.module.PodDirectory;
import io.smartagent.module.PodIdentity;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.logdiscovery.LogChange.Found;
import io.smartagent.modules.logdiscovery.LogChange.Gone;
import io.smartagent.modules.logdiscovery.LogChange.Method;
import io.smartagent.modules.logdiscovery.LogChange.Rotated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LogGateTest {

  private static final LogFilter FILTER =
      new LogFilter(
          LabelSelector.parse("app=web").orElseThrow(),
          NamespaceSelection.parse("!test").orElseThrow(),
          true);

  private final PodDirectory pods = new PodDirectory();
  private final Map<String, PodIdentity> known = new HashMap<>();
  private final AtomicLong nanos = new AtomicLong();
  private LogFilter filter = FILTER;
  private LogGate gate = new LogGate(pods, true, nanos::get);

  private static LogFile log(int inode, @Nullable String uid, @Nullable String namespace) {
    Place place = Place.onHost("/var/log/" + inode + ".log");
    ContainerIdentity container =
        new ContainerIdentity("c", null, "app", null, uid, "pod", namespace, false, null, Map.of());
    return new LogFile(
        new FileId(1, inode),
        place,
        place,
        100,
        null,
        Sighting.UNKNOWN_MOUNT,
        null,
        new CgroupOwner(CgroupLevel.CONTAINER, "c", null, uid),
        namespace == null ? null : container,
        LogFile.Origin.CONTAINER,
        LogGuess.UNKNOWN);
  }

  private void learn(String uid, boolean included) {
    known.put(
        uid,
        new PodIdentity(
                uid, "pod", "shop", "node", null, "Pod", "pod", List.of(), Map.of(), Map.of(),
                Map.of())
            .withLogs(included));
    pods.replace(known, Map.of(), FILTER);
  }

  private void waitSeconds(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private List<LogChange> pass(LogFile... logs) {
    List<LogChange> found = new ArrayList<>();
    for (LogFile log : logs) {
      found.add(new Found(log));
    }
    return gate.pass(filter, found, List.of(logs));
  }

  @Test
  void tellsAtOnceWhatIsOfNoPod() {
    LogFile log = log(1, null, null);

    assertThat(pass(log)).containsExactly(new Found(log));
    assertThat(gate.isTold(log)).isTrue();
    assertThat(gate.isWaiting()).isFalse();
  }

  @Test
  void tellsOnlyTheLogsOfPodsThatAreSelected() {
    learn("in", true);
    learn("out", false);
    LogFile in = log(1, "in", "shop");
    LogFile out = log(2, "out", "shop");

    assertThat(pass(in, out)).containsExactly(new Found(in));
    assertThat(gate.isTold(out)).isFalse();
    assertThat(gate.excluded()).isEqualTo(1);
    assertThat(gate.unknown()).isZero();
  }

  @Test
  void tellsNothingOfWhatBecomesOfALogThatIsLeftOut() {
    learn("out", false);
    LogFile before = log(1, "out", "shop");
    LogFile now = log(2, "out", "shop");
    pass(before);

    assertThat(
            gate.pass(filter, List.of(new Rotated(before, now, Method.CREATE, null)), List.of(now)))
        .isEmpty();
    assertThat(gate.pass(filter, List.of(new Gone(now)), List.of())).isEmpty();
  }

  @Test
  void tellsWhatBecomesOfALogThatIsTold() {
    learn("in", true);
    LogFile before = log(1, "in", "shop");
    LogFile now = log(2, "in", "shop");
    pass(before);
    Rotated rotated = new Rotated(before, now, Method.CREATE, null);

    assertThat(gate.pass(filter, List.of(rotated), List.of(now))).containsExactly(rotated);
    assertThat(gate.pass(filter, List.of(new Gone(now)), List.of())).containsExactly(new Gone(now));
    assertThat(gate.isTold(now)).isFalse();
  }

  @Test
  void waitsForAPodThatIsNotKnownYet() {
    LogFile log = log(1, "late", "shop");

    assertThat(pass(log)).isEmpty();
    assertThat(gate.isWaiting()).isTrue();
    assertThat(gate.isWaitOver()).isFalse();
    waitSeconds(29);
    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();

    learn("late", false);

    assertThat(gate.isWaitOver()).isTrue();
    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();
    assertThat(gate.isWaiting()).isFalse();
    assertThat(gate.excluded()).isEqualTo(1);
  }

  @Test
  void tellsTheLogsOfAPodThatStaysUnknown() {
    LogFile log = log(1, "unknown", "shop");
    pass(log);
    waitSeconds(30);

    assertThat(gate.isWaitOver()).isTrue();
    assertThat(gate.pass(filter, List.of(), List.of(log))).containsExactly(new Found(log));
    assertThat(gate.unknown()).isEqualTo(1);
    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();
  }

  @Test
  void waitsNotLongWhereAllOtherPodsAreKnown() {
    learn("other", true);
    LogFile log = log(1, "unknown", "shop");
    pass(log);
    waitSeconds(5);

    assertThat(gate.pass(filter, List.of(), List.of(log))).containsExactly(new Found(log));
  }

  @Test
  void waitsLongerWhereChangesMayHaveBeenMissed() {
    learn("other", true);
    pods.setStale(true);
    LogFile log = log(1, "unknown", "shop");
    pass(log);
    waitSeconds(5);

    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();
  }

  @Test
  void doesNotTakeForAnAnswerWhatAFormerFilterSaidOfAPodThatHasEnded() {
    learn("a", true);
    pods.replace(Map.of(), Map.of(), LogFilter.STANDARD);
    filter = LogFilter.STANDARD;

    assertThat(pods.find("a")).isNotNull();
    assertThat(pass(log(1, "a", "shop"))).isEmpty();
    assertThat(gate.isWaiting()).isTrue();
  }

  @Test
  void waitsForNobodyWhereKubernetesIsNotAsked() {
    gate = new LogGate(pods, false, nanos::get);
    LogFile log = log(1, "unknown", "shop");

    assertThat(pass(log)).containsExactly(new Found(log));
  }

  @Test
  void leavesUnknownPodsOutWhereThatIsAskedFor() {
    gate = new LogGate(pods, false, nanos::get);
    filter = new LogFilter(FILTER.pods(), FILTER.namespaces(), false);
    LogFile log = log(1, "unknown", "shop");

    assertThat(pass(log)).isEmpty();
    assertThat(gate.excluded()).isEqualTo(1);
    assertThat(gate.unknown()).isEqualTo(1);
  }

  @Test
  void knowsTheNamespaceOfAPodThatKubernetesHasNotTold() {
    assertThat(pass(log(1, "unknown", "test"))).isEmpty();
    assertThat(gate.isWaiting()).isFalse();
    assertThat(gate.excluded()).isEqualTo(1);
  }

  @Test
  void doesNotBelieveWhatAnotherFilterHasSaid() {
    learn("in", true);
    filter = LogFilter.STANDARD;

    assertThat(pass(log(1, "in", "shop"))).isEmpty();
    assertThat(gate.isWaiting()).isTrue();
  }

  @Test
  void keepsWhatIsToldUntilAnotherFilterHasBeenAskedOfThePods() {
    learn("a", true);
    LogFile log = log(1, "a", "shop");
    pass(log);
    filter = LogFilter.STANDARD;

    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();
    assertThat(gate.isTold(log)).isTrue();
  }

  @Test
  void takesBackALogOfAPodThatIsLeftOutFromNowOn() {
    learn("a", true);
    LogFile log = log(1, "a", "shop");
    pass(log);
    learn("a", false);

    assertThat(gate.pass(filter, List.of(), List.of(log))).containsExactly(new Gone(log));
    assertThat(gate.pass(filter, List.of(), List.of(log))).isEmpty();

    learn("a", true);

    assertThat(gate.pass(filter, List.of(), List.of(log))).containsExactly(new Found(log));
  }
}
