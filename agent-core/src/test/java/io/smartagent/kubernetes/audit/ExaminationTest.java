package io.smartagent.kubernetes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExaminationTest {

  private static final String UNPRIVILEGED = "runAsUser: 65534, allowPrivilegeEscalation: false";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged: true              |                   | privileged privileged: privileged: true
          privileged: yes               |                   | privileged privileged: privileged: true
          capabilities: {add: [ALL]}    |                   | equivalent capability-as-root: every capability
          capabilities: {add: [SYS_ADMIN]} |                | equivalent capability-as-root: SYS_ADMIN
          capabilities: {add: [cap_sys_admin]} |            | equivalent capability-as-root: SYS_ADMIN
          capabilities: {add: [SYS_MODULE]} |               | equivalent capability-as-root: SYS_MODULE
          capabilities: {add: [SYS_RAWIO]} |                | equivalent capability-as-root: SYS_RAWIO
          capabilities: {add: [SYS_BOOT]} |                 | equivalent capability-as-root: SYS_BOOT
          capabilities: {add: [DAC_READ_SEARCH]} |          | equivalent capability-as-root: DAC_READ_SEARCH
          capabilities: {add: [SYS_PTRACE]} |               | weakened capability-reaches-host: SYS_PTRACE
          capabilities: {add: [SYS_PTRACE]} | hostPID: true | equivalent capability-as-root: SYS_PTRACE
          capabilities: {add: [BPF]}    |                   | weakened capability-reaches-host: BPF
          capabilities: {add: [NET_ADMIN]} | hostNetwork: true | weakened capability-reaches-host: NET_ADMIN
          capabilities: {add: [SYS_ADMIN]} | hostUsers: false | weakened capability-as-root: SYS_ADMIN
          capabilities: {add: [NET_ADMIN, CHOWN, IPC_LOCK]} | | weakened capability-beyond-baseline: IPC_LOCK, NET_ADMIN
          privileged: false | securityContext: {sysctls: [{name: kernel.shmmax, value: "1"}]} | weakened unsafe-sysctl: sysctl kernel.shmmax
          windowsOptions: {hostProcess: true} | os: {name: windows} | equivalent windows-host-process: hostProcess
          windowsOptions: {hostProcess: true} |             | equivalent windows-host-process: hostProcess
          runAsUser: 5 | securityContext: {windowsOptions: {hostProcess: true}} | equivalent windows-host-process: hostProcess
          privileged: false             | hostPID: true     | weakened host-pid: hostPID
          privileged: false             | hostNetwork: true | weakened host-network: hostNetwork
          privileged: false             | hostIPC: on       | weakened host-ipc: hostIPC
          allowPrivilegeEscalation: true |                  | weakened privilege-escalation: allowPrivilegeEscalation: true
          runAsUser: 0                  |                   | weakened root-user: runAsUser: 0
          procMount: Unmasked           |                   | weakened proc-mount-unmasked: procMount Unmasked
          seccompProfile: {type: Unconfined} |              | weakened seccomp-unconfined: seccomp Unconfined
          appArmorProfile: {type: Unconfined} |             | weakened apparmor-unconfined: AppArmor Unconfined
          seLinuxOptions: {type: spc_t} |                   | weakened selinux-unconfined: SELinux spc_t
          privileged: false | securityContext: {runAsUser: 0}                      | weakened root-user: runAsUser: 0
          privileged: false | securityContext: {seccompProfile: {type: Unconfined}} | weakened seccomp-unconfined: seccomp Unconfined
          """)
  void finds(String security, String pod, String finding) {
    ContainerReport found =
        Audited.container(pod == null ? "" : pod, "securityContext: {" + security + "}");
    assertThat(Audited.findings(found)).first().isEqualTo(finding);
    assertThat(found.findings())
        .allSatisfy(each -> {
          assertThat(each.reason()).endsWith(".");
          assertThat(each.rule().remedy()).endsWith(".");
          assertThat(each.line()).isPositive();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged: false                       |
          capabilities: {add: [NET_BIND_SERVICE]} |
          capabilities: {add: [MKNOD, SETPCAP]}   |
          privileged: false                       | securityContext: {sysctls: [{name: net/ipv4/tcp_syncookies, value: "1"}]}
          privileged: false                       | os: {name: windows}
          capabilities: {drop: [ALL]}             |
          seccompProfile: {type: RuntimeDefault}  | securityContext: {seccompProfile: {type: Unconfined}}
          runAsUser: 1000                         | securityContext: {runAsUser: 0}
          privileged: null                        | hostPID: false
          """)
  void findsNothingIn(String security, String pod) {
    assertThat(Audited.pod(pod == null ? "" : pod, "securityContext: {" + security + "}").owners())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /                               | false | equivalent runtime-socket
          /                               | true  | equivalent runtime-socket
          /var/run/docker.sock            | true  | equivalent runtime-socket
          /run/containerd/containerd.sock | false | equivalent runtime-socket
          /var/run/../run//crio/crio.sock | true  | equivalent runtime-socket
          /run                            | true  | equivalent runtime-socket
          /etc                            | false | equivalent host-path-as-root
          /etc                            | true  | weakened host-path
          /etc/kubernetes/manifests       | false | equivalent host-path-as-root
          /etc/localtime                  | false | weakened host-path
          /var/log                        | false | weakened host-path
          /var/log                        | true  | weakened host-path
          /proc                           | false | equivalent host-path-as-root
          /proc                           | true  | weakened host-path
          /sys/fs/bpf                     | false | weakened host-path
          /sys                            | false | equivalent host-path-as-root
          /var/lib/kubelet                | false | equivalent host-path-as-root
          /var/lib/kubelet/plugins/my.csi | false | weakened host-path
          /var/lib/kubelet/pods           | false | equivalent host-path-as-root
          /opt/cni/bin                    | false | equivalent host-path-as-root
          /usr                            | false | equivalent host-path-as-root
          /data                           | false | weakened host-path
          """)
  void judgesPathsOfTheHost(String path, boolean readOnly, String finding) {
    ContainerReport found = Audited.container(volume(path), mount(readOnly));
    assertThat(Audited.findings(found)).first().asString().startsWith(finding + ": hostPath /");
  }

  private static String volume(String path) {
    return "volumes: [{name: v, hostPath: {path: '" + path + "'}}]";
  }

  private static String mount(boolean readOnly) {
    return "volumeMounts: [{name: v, mountPath: /m, readOnly: " + readOnly + "}]";
  }

  @Test
  void knowsThatReadOnlyDoesNotReachTheMountsBelow() {
    assertThat(Audited.container(volume("/"), mount(true)).findings())
        .filteredOn(finding -> finding.rule() == Rule.HOST_PATH_AS_ROOT)
        .singleElement()
        .extracting(Finding::reason)
        .asString()
        .contains("readOnly does not reach the mounts below it");
    assertThat(
            Audited.container(
                    volume("/"),
                    "volumeMounts:\n"
                        + "- {name: v, mountPath: /m, readOnly: true, recursiveReadOnly: Enabled}")
                .findings())
        .noneMatch(finding -> finding.rule() == Rule.HOST_PATH_AS_ROOT);
  }

  @Test
  void findsWhatASubPathMounts() {
    ContainerReport found =
        Audited.container(
            volume("/etc"), "volumeMounts: [{name: v, mountPath: /m, subPath: cron.d}]");
    assertThat(Audited.findings(found))
        .containsExactly("equivalent host-path-as-root: hostPath /etc/cron.d (writable)");
  }

  @Test
  void trustsAnotherUserOnlyWhereItStaysOne() {
    String mount = mount(false) + "\nsecurityContext: {capabilities: {add: [SYS_ADMIN]}, ";
    assertThat(Audited.container(volume("/etc"), mount + UNPRIVILEGED + "}").level())
        .isEqualTo(Level.WEAKENED);
    assertThat(Audited.container(volume("/etc"), mount + "runAsUser: 65534}").level())
        .isEqualTo(Level.EQUIVALENT);
  }

  @Test
  void trustsNoOtherUserWithTheSocketOfARuntime() {
    String security = "\nsecurityContext: {" + UNPRIVILEGED + ", runAsGroup: 998}";
    assertThat(Audited.container(volume("/run/containerd"), mount(false) + security).findings())
        .filteredOn(finding -> finding.rule() == Rule.RUNTIME_SOCKET)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Level.EQUIVALENT);
          assertThat(finding.reason()).doesNotContain("another user than 0");
        });
  }

  @Test
  void readsTheAnnotationsOfOlderClusters() {
    AuditReport report =
        Audited.manifest(
            Level.WEAKENED,
            """
            kind: Pod
            metadata:
              name: p
              annotations:
                container.apparmor.security.beta.kubernetes.io/c: unconfined
                seccomp.security.alpha.kubernetes.io/pod: unconfined
            spec: {containers: [{name: c}, {name: d, securityContext: {seccompProfile: {type: Localhost}}}]}
            """);
    assertThat(report.owners().values())
        .singleElement()
        .satisfies(containers ->
            assertThat(Audited.findings(containers.getFirst()))
                .containsExactly(
                    "weakened seccomp-unconfined: seccomp Unconfined",
                    "weakened apparmor-unconfined: AppArmor Unconfined"));
  }

  @Test
  void looksForHostProcessOnlyWhereItIsWindows() {
    AuditReport report =
        Audited.pod(
            "os: {name: windows}",
            "securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}");
    assertThat(report.owners()).isEmpty();
    assertThat(report.counts().windows()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"false, host-port", "true, host-network"})
  void findsPortsOfTheHostOnce(boolean hostNetwork, String rule) {
    ContainerReport found =
        Audited.container(
            "hostNetwork: " + hostNetwork,
            "ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81}]");
    assertThat(found.findings()).extracting(each -> each.rule().id()).containsExactly(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostPath: {path: /etc} | claimRef: {namespace: n, name: data} | equivalent host-path-as-root: hostPath /etc (writable)
          local: {path: /mnt/d}  | claimRef: {namespace: n, name: data} | weakened host-path: hostPath /mnt/d (writable)
          local: {path: /mnt/d}  | claimRef: {namespace: m, name: data} |
          csi: {driver: x}       | claimRef: {namespace: n, name: data} |
          hostPath: {path: /etc} | a: b                                 | equivalent host-path-as-root: hostPath /etc (writable)
          """)
  void followsClaimsToPathsOfTheHost(String source, String claim, String finding) {
    String pod =
        """
        kind: Pod
        metadata: {name: p, namespace: n}
        spec:
          volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
          containers: [{name: c, volumeMounts: [{name: v, mountPath: /v}]}]
        """;
    String volume =
        """
        kind: PersistentVolume
        metadata: {name: pv}
        spec: {%s, %s}
        """
            .formatted(source, claim);
    String bound =
        """
        ---
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: n}
        spec: {%s}
        """
            .formatted(claim.equals("a: b") ? "volumeName: pv" : "");
    for (String manifest :
        List.of(pod + "---\n" + volume + bound, volume + bound + "---\n" + pod)) {
      AuditReport report = Audited.manifest(Level.WEAKENED, manifest);
      assertThat(report.owners().values().stream().flatMap(List::stream))
          .extracting(container -> Audited.findings(container).getFirst())
          .isEqualTo(finding == null ? List.of() : List.of(finding));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, (read-only)", "false, (writable)"})
  void knowsThatAClaimCanBeReadOnly(boolean readOnly, String words) {
    AuditReport report =
        Audited.manifest(
            Level.WEAKENED,
            """
            kind: PersistentVolume
            metadata: {name: pv}
            spec: {hostPath: {path: /d}, claimRef: {namespace: default, name: p-v}}
            ---
            kind: Pod
            metadata: {name: p}
            spec:
              volumes: [%s]
              containers: [{name: c, volumeMounts: [{name: v, mountPath: /v}]}]
            """
                .formatted(
                    readOnly
                        ? "{name: v, persistentVolumeClaim: {claimName: p-v, readOnly: true}}"
                        : "{name: v, ephemeral: {volumeClaimTemplate: {}}}"));
    assertThat(report.owners().values())
        .singleElement()
        .satisfies(containers ->
            assertThat(containers.getFirst().findings().getFirst().words()).endsWith(words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          securityContext: {privileged: "true"} | spec.containers[0].securityContext.privileged is the text "true".
          securityContext: {privileged: 1}      | spec.containers[0].securityContext.privileged is "1".
          securityContext: [privileged]         | spec.containers[0].securityContext is a list.
          securityContext: {runAsUser: "0"}     | spec.containers[0].securityContext.runAsUser is the text "0".
          volumeMounts: {name: v}               | spec.containers[0].volumeMounts is a map.
          volumeMounts: [null]                  | spec.containers[0].volumeMounts[0] is null.
          """)
  void reportsWhatTheApiServerRefuses(String container, String fault) {
    assertThat(Audited.pod("", container).problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.fault()).isEqualTo(fault);
          assertThat(problem.line()).isEqualTo(6);
          assertThat(problem.remedy()).startsWith("It must be ");
        });
  }
}
