package io.smartagent.confinement;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.confinement.SecurityContext.CapabilityChange;
import io.smartagent.confinement.SecurityContext.Profile;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecurityContextTest {

  @Test
  void rendersOnlyWhatIsSet() {
    assertThat(SecurityContext.NONE.yaml()).isEqualTo("securityContext:");
    assertThat(SecurityContext.runningAs(0).yaml()).isEqualTo("securityContext:\n  runAsUser: 0");
  }

  @Test
  void rendersEachFieldOnceAsKubernetesNamesIt() {
    SecurityContext context =
        new SecurityContext(
            1000,
            false,
            true,
            new CapabilityChange(true, CapabilitySet.of(CAP_SYSLOG, CAP_SYS_ADMIN)),
            Profile.UNCONFINED,
            Profile.RUNTIME_DEFAULT,
            true);
    assertThat(context.yaml())
        .isEqualTo(
            """
            securityContext:
              runAsUser: 1000
              privileged: false
              allowPrivilegeEscalation: true
              capabilities:
                drop: [ALL]
                add: [SYSLOG, SYS_ADMIN]
              appArmorProfile:
                type: Unconfined
              seccompProfile:
                type: RuntimeDefault
              readOnlyRootFilesystem: true\
            """);
  }

  @Test
  void commentsFieldsAndCapabilities() {
    assertThat(
            SecurityContext.unprivileged(CapabilitySet.of(CAP_SYSLOG))
                .yaml(Map.of("SYSLOG", "host-events", "seccompProfile", "why")))
        .contains("    add:\n    # host-events\n    - SYSLOG\n  # why\n  seccompProfile:\n");
  }
}
