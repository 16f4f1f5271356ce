package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.plan.Guarantees.Guarantee;
import org.junit.jupiter.api.Test;

final class GuaranteesTest {

  private final Situation situation = new Situation();

  private Guarantee guarantee(String id) {
    return Guarantees.of(situation.plan()).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private boolean holds(String id) {
    return guarantee(id).holds();
  }

  @Test
  void callsNoLaunchReadOnlyThatKeepsAWayToOtherProcesses() {
    assertThat(holds("host-read-only")).isFalse();
    assertThat(holds("hidden-directories")).isFalse();
    assertThat(holds("no-other-process")).isFalse();
    assertThat(guarantee("host-read-only").because()).contains("SYS_PTRACE", "/proc/PID/root");
  }

  @Test
  void holdWithoutThatWay() {
    situation.without(Capability.CAP_SYS_PTRACE, Capability.CAP_DAC_READ_SEARCH);

    assertThat(holds("host-read-only")).isTrue();
    assertThat(holds("hidden-directories")).isTrue();
    assertThat(guarantee("host-read-only").because()).contains("/opt", "/var/lib/bonree");
    assertThat(holds("unprivileged-user")).isTrue();
    assertThat(holds("no-new-privileges")).isTrue();
    assertThat(Guarantees.of(situation.plan()))
        .noneMatch(each -> each.id().equals("no-other-process"));
  }

  /** open_by_handle_at(2) on a writable mount opens what lies beside it on its file system. */
  @Test
  void callNothingHiddenFromTheOneWhoOpensFilesByHandle() {
    situation.without(Capability.CAP_SYS_PTRACE);

    assertThat(holds("host-read-only")).isFalse();
    assertThat(holds("hidden-directories")).isFalse();
    assertThat(guarantee("hidden-directories").because())
        .contains("DAC_READ_SEARCH (file handles)")
        .doesNotContain("SYS_PTRACE");
  }

  @Test
  void callsNothingReadOnlyForRoot() {
    situation.without(Capability.CAP_SYS_PTRACE).option(Option.NON_ROOT_MODE, "false");

    assertThat(holds("host-read-only")).isFalse();
    assertThat(holds("unprivileged-user")).isFalse();
  }

  @Test
  void holdForNothingInModeFull() {
    situation.without(Capability.CAP_SYS_PTRACE).option(Option.MODE, "full");

    assertThat(holds("host-read-only")).isFalse();
    assertThat(guarantee("hidden-directories").because())
        .isEqualTo("Nothing of the host's root is hidden.");
  }

  @Test
  void doNotTakeTheWeakSealForTheStrongOne() {
    situation
        .without(Capability.CAP_SYS_PTRACE, Capability.CAP_SYS_ADMIN)
        .variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(holds("host-read-only")).isFalse();
  }
}
