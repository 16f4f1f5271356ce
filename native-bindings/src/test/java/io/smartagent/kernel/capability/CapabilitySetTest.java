package io.smartagent.kernel.capability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CapabilitySetTest {

  private static final CapabilitySet TWO =
      CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_CHOWN);

  @Test
  void keepsBitsAsTheKernelDoes() {
    assertThat(TWO.bits()).isEqualTo(0x200001);
    assertThat(CapabilitySet.of(Capability.CAP_CHECKPOINT_RESTORE).bits()).isEqualTo(1L << 40);
    assertThat(CapabilitySet.upTo(40).bits()).isEqualTo(0x1ffffffffffL);
    assertThat(CapabilitySet.upTo(63).bits()).isEqualTo(-1);
    assertThat(CapabilitySet.upTo(62).bits()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void namesAreSortedAndNewOnesHaveNumbers() {
    assertThat(TWO.names()).containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN");
    assertThat(TWO.shortNames()).containsExactly("CHOWN", "SYS_ADMIN");
    assertThat(new CapabilitySet(1L << 41 | 1L << 63).names()).containsExactly("CAP_41", "CAP_63");
    assertThat(new CapabilitySet(-1).numbers()).hasSize(64);
    assertThat(TWO).hasToString("CHOWN SYS_ADMIN");
    assertThat(CapabilitySet.NONE).hasToString("none");
  }

  @Test
  void isASet() {
    CapabilitySet chown = CapabilitySet.of(Capability.CAP_CHOWN);
    CapabilitySet admin = CapabilitySet.of(Capability.CAP_SYS_ADMIN);

    assertThat(chown.union(admin)).isEqualTo(TWO);
    assertThat(chown.with(Capability.CAP_SYS_ADMIN)).isEqualTo(TWO);
    assertThat(TWO.minus(chown)).isEqualTo(admin);
    assertThat(TWO.intersect(chown)).isEqualTo(chown);
    assertThat(TWO.containsAll(chown)).isTrue();
    assertThat(chown.containsAll(TWO)).isFalse();
    assertThat(TWO.contains(Capability.CAP_CHOWN)).isTrue();
    assertThat(TWO.contains(Capability.CAP_KILL)).isFalse();
    assertThat(new CapabilitySet(-1).contains(63)).isTrue();
    assertThat(CapabilitySet.NONE.isEmpty()).isTrue();
    assertThat(CapabilitySet.of(List.of())).isEqualTo(CapabilitySet.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void everyNameIsParsedAsKubernetesAndTheKernelWriteIt(Capability capability) {
    assertThat(Capability.parse(capability.name())).contains(capability);
    assertThat(Capability.parse(capability.shortName())).contains(capability);
  }

  @ParameterizedTest
  @CsvSource({
    "sys_admin, CAP_SYS_ADMIN",
    "cap_sys_admin, CAP_SYS_ADMIN",
    "' Kill ', CAP_KILL",
    "Cap_Bpf, CAP_BPF"
  })
  void caseAndSpaceMakeNoDifference(String name, Capability capability) {
    assertThat(Capability.parse(name)).contains(capability);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CAP_", "ALL", "SYS ADMIN", "CAP_CAP_KILL", "CAP_41", "21"})
  void otherTextIsNone(String name) {
    assertThat(Capability.parse(name)).isEmpty();
  }

  @Test
  void namesSecurebits() {
    assertThat(Securebits.NONE.names()).isEmpty();
    assertThat(Securebits.lockedDown().names())
        .containsExactly(
            "SECBIT_NOROOT",
            "SECBIT_NOROOT_LOCKED",
            "SECBIT_NO_SETUID_FIXUP",
            "SECBIT_NO_SETUID_FIXUP_LOCKED",
            "SECBIT_KEEP_CAPS_LOCKED",
            "SECBIT_NO_CAP_AMBIENT_RAISE",
            "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED");
    assertThat(Securebits.lockedDown().forbidsAmbientRaise()).isTrue();
    assertThat(Securebits.NONE.forbidsAmbientRaise()).isFalse();
  }
}
