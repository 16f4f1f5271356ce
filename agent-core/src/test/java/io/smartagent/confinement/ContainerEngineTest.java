package io.smartagent.confinement;

import static io.smartagent.kernel.capability.Capability.CAP_NET_RAW;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.CapabilitySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContainerEngineTest {

  @Test
  void givesWhatEachEngineDocuments() {
    assertThat(ContainerEngine.DOCKER.capabilities())
        .isEqualTo(PodSecurityStandards.BASELINE.with(CAP_NET_RAW))
        .isEqualTo(ContainerEngine.CONTAINERD.capabilities());
    assertThat(ContainerEngine.CRI_O.capabilities().shortNames())
        .containsExactly(
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "NET_BIND_SERVICE",
            "SETGID",
            "SETPCAP",
            "SETUID");
  }

  @ParameterizedTest
  @EnumSource(ContainerEngine.class)
  void filtersChrootAndBpfByCapability(ContainerEngine engine) {
    SeccompProfile profile = engine.seccompProfile();
    assertThat(profile.allows(GatedCall.BPF, engine.capabilities())).isFalse();
    assertThat(profile.allows(GatedCall.BPF, CapabilitySet.of(CAP_SYS_ADMIN))).isTrue();
    assertThat(profile.allows(GatedCall.CHROOT, CapabilitySet.NONE)).isFalse();
  }

  @Test
  void onlyTheProfileOfCriOAllowsPivotRoot() {
    assertThat(SeccompProfile.DOCKER.allows(GatedCall.PIVOT_ROOT, CapabilitySet.of(CAP_SYS_ADMIN)))
        .isFalse();
    assertThat(SeccompProfile.CRI_O.allows(GatedCall.PIVOT_ROOT, CapabilitySet.NONE)).isTrue();
  }

  @Test
  void masksWhatIsReadOnlyInNoOtherWay() {
    assertThat(ContainerPaths.MASKED).doesNotContainAnyElementsOf(ContainerPaths.READ_ONLY);
    assertThat(ContainerPaths.DEVICES).doesNotContainAnyElementsOf(ContainerPaths.NOT_DEVICES);
  }
}
