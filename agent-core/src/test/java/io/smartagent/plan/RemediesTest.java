package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RemediesTest {

  private static final CapabilitySet MISSING = CapabilitySet.of(Capability.CAP_SYSLOG);

  @ParameterizedTest
  @EnumSource
  void isYamlWhoseTopLevelKeysStandOnlyOnce(Blocker blocker) {
    List<String> fragments =
        Stream.of(Blocker.values())
            .flatMap(other -> Stream.of(other, blocker))
            .flatMap(other -> Optional.ofNullable(Remedies.forBlocker(other, MISSING)).stream())
            .toList();

    String yaml = Remedies.together(fragments);

    assertThat(yaml.lines().filter(line -> !line.startsWith(" ") && !line.startsWith("-")))
        .doesNotHaveDuplicates()
        .allMatch(line -> line.matches("[a-zA-Z]+:"));
    assertThat(yaml.lines().filter(line -> line.matches(" {2}\\w+:.*")).toList())
        .doesNotHaveDuplicates();
    assertThat(yaml).doesNotContain("\t");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVICE_CGROUP", "LOCKDOWN", "SYSCTL", "KERNEL"})
  void proposesNothingAgainstWhatNoContainerSpecChanges(Blocker blocker) {
    assertThat(Remedies.forBlocker(blocker, MISSING)).isNull();
  }

  @Test
  void proposesNoEmptyListOfCapabilities() {
    assertThat(Remedies.forBlocker(Blocker.BOUNDING, CapabilitySet.NONE)).isNull();
  }

  @Test
  void writesCapabilitiesAsKubernetesDoes() {
    assertThat(
            Remedies.addCapabilities(
                CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_CHOWN)))
        .isEqualTo("securityContext:\n  capabilities:\n    add: [CHOWN, SYS_ADMIN]");
  }
}
