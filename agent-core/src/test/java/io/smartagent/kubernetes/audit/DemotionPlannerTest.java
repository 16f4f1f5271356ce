package io.smartagent.kubernetes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DemotionPlannerTest {

  private static final String PRIVILEGED = "securityContext: {privileged: true}\n";

  private static Demotion demotion(String pod, String container) {
    return Objects.requireNonNull(Audited.container(pod, PRIVILEGED + container).demotion());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /var/lib/kubelet/pods | mountPropagation: Bidirectional     | bidirectional-propagation
          /mnt/disks            | mountPropagation: Bidirectional     | bidirectional-propagation
          /mnt/disks            | mountPropagation: HostToContainer   |
          /dev                  | readOnly: true                      | host-device
          /dev/fuse             | readOnly: false                     | host-device
          /dev/kmsg             | readOnly: true                      | host-device
          /dev/mem              | readOnly: true                      | host-device
          /dev/null             | readOnly: false                     |
          /dev/shm              | readOnly: false                     |
          /dev/log              | readOnly: false                     |
          /proc                 | readOnly: false                     | host-proc-write
          /proc/sys/net         | readOnly: false                     | host-proc-write
          /proc                 | readOnly: true                      |
          /sys                  | readOnly: false                     | host-sys-write
          /sys                  | readOnly: true                      |
          /sys/fs/bpf           | readOnly: false                     |
          /sys/fs/cgroup        | readOnly: false                     |
          /                     | readOnly: false                     |
          /developers           | readOnly: false                     |
          """)
  void knowsWhichMountsKeepItPrivileged(String path, String mount, String blocker) {
    Demotion demotion =
        demotion(
            "volumes: [{name: v, hostPath: {path: " + path + "}}]",
            "volumeMounts: [{name: v, mountPath: /m, " + mount + "}]");
    assertThat(demotion.blockers().stream().map(each -> each.blocker().id()).toList())
        .isEqualTo(blocker == null ? List.of() : List.of(blocker));
    assertThat(demotion.isPossible()).isEqualTo(blocker == null);
    assertThat(demotion.securityContext().isEmpty()).isEqualTo(blocker != null);
  }

  @Test
  void knowsThatBlockVolumesNeedNoPrivilege() {
    assertThat(demotion("", "volumeDevices: [{name: d, devicePath: /dev/xvda}]").isPossible())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [sysctl, -w, vm.max_map_count=262144]                     | true
          [sh, -c, 'sysctl -w net.core.somaxconn=1024']             | true
          [sh, -c, 'sysctl -q fs.inotify.max_user_watches=524288']  | true
          [sh, -c, 'echo 1 > /proc/sys/net/ipv4/ip_forward']        | true
          [sh, -c, 'tee /host/proc/sys/kernel/kptr_restrict < /x'] | true
          [sh, -c, 'echo never > /sys/kernel/mm/transparent_hugepage/enabled'] | true
          [sh, -c, 'sysctl vm.max_map_count']                       | false
          [sh, -c, 'cat /proc/sys/kernel/hostname']                 | false
          [/bin/agent, --path.procfs=/host/proc]                    | false
          """)
  void knowsCommandsThatSetTheKernel(String command, boolean sets) {
    assertThat(demotion("", "command: " + command).isPossible()).isEqualTo(!sets);
    assertThat(demotion("", "args: " + command).isPossible()).isEqualTo(!sets);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostPID: true | command: [agent]                              | SYS_PTRACE
          hostPID: false | command: [sh, -c, 'iptables -A INPUT']       | NET_ADMIN NET_RAW
          hostPID: false | command: [sh, -c, 'set -e; modprobe ip_vs']  | SYS_MODULE
          hostPID: false | command: [sh, -c, 'mount -t bpf bpf /b']     | SYS_ADMIN
          hostPID: true | command: [nsenter, -t, '1', -m, bash]         | SYS_ADMIN SYS_CHROOT SYS_PTRACE
          hostPID: false | ports: [{containerPort: 53}]                 | NET_BIND_SERVICE
          hostPID: false | command: [/mount-checker, --ip, x]           | none
          """)
  void guessesCapabilitiesFromTheManifest(String pod, String container, String capabilities) {
    Demotion demotion = demotion(pod, container);
    assertThat(demotion.capabilities().toString()).isEqualTo(capabilities);
    assertThat(demotion.exact()).isFalse();
    assertThat(demotion.securityContext()).contains("    drop: [ALL]");
    assertThat(demotion.nextStep()).startsWith("A manifest does not show");
  }

  @Test
  void keepsTheCapabilitiesThatItNamesItself() {
    Demotion demotion =
        Objects.requireNonNull(
            Audited.container(
                    "", "securityContext: {privileged: true, capabilities: {add: [SYS_NICE]}}")
                .demotion());
    assertThat(demotion.securityContext()).contains("    add: [SYS_NICE]");
  }

  @Test
  void saysWhatIsLeftOfRoot() {
    Demotion demotion =
        demotion(
            "volumes: [{name: v, hostPath: {path: /etc}}]",
            "volumeMounts: [{name: v, mountPath: /m}]");
    assertThat(demotion.reasons())
        .contains("Demoted, it still has what amounts to root: hostPath /etc (writable).");
  }

  private static final String ETC = "etc: mounted\n";

  private static Demotion smartAgent(String container) {
    return demotion(
        "hostPID: true\n"
            + "volumes: [{name: root, hostPath: {path: /}}, {name: dev, hostPath: {path: /dev}}]",
        "volumeMounts:\n- {name: root, mountPath: /mnt/root, readOnly: true}\n"
            + "- {name: dev, mountPath: /mnt/root/dev}\n"
            + container.replace(ETC, "- {name: root, subPath: etc, mountPath: /mnt/root/etc}\n"));
  }

  @Test
  void knowsExactlyWhatItsOwnAgentNeeds() {
    Demotion demotion = smartAgent("args: [config, --user, testuser]");
    assertThat(demotion.exact()).isTrue();
    assertThat(demotion.blockers()).isEmpty();
    // As of DocumentedCapabilitiesTest: what the planner calls the least.
    assertThat(demotion.capabilities().toString())
        .isEqualTo(
            "CHOWN DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE");
    assertThat(demotion.securityContext())
        .containsSubsequence("  allowPrivilegeEscalation: false", "    drop: [ALL]")
        .containsSubsequence("    # application-discovery; network-interfaces", "    - NET_ADMIN")
        .containsSubsequence("  appArmorProfile:", "    type: Unconfined")
        .noneMatch(line -> line.contains("CAP_"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {args: [config], env: [{name: SMARTAGENT_NO_REMOUNT_ROOT, value: "true"}]} | CHOWN DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_CHROOT SYS_PTRACE
          {args: [config, --non-root-mode=false, --modules, host-events]}            | SYSLOG SYS_ADMIN SYS_CHROOT
          {args: [config, --user=0], env: [{name: SMARTAGENT_MODULES, value: container-metrics}]} | DAC_READ_SEARCH SYS_ADMIN SYS_CHROOT
          {args: [config]} | CHOWN DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE
          {args: [config, --mode, full]} | CHOWN DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE
          {command: [/smartagent/bin/smartagent, config, --modules, none, --user, x]} | CHOWN SETGID SETUID SYS_ADMIN SYS_CHROOT
          {args: [config, --user, x, --modules, $(MODS)], env: [{name: MODS, value: host-events}]} | CHOWN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT
          {etc: mounted, args: [config]} | CHOWN DAC_OVERRIDE DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE
          {args: [config, --user, x, --modules, "auto,!network-interfaces,!application-discovery"]} | CHOWN DAC_READ_SEARCH SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE
          {args: [config, --user, x, --modules, "auto,host-events"]}                 | CHOWN DAC_READ_SEARCH NET_ADMIN SETGID SETUID SYSLOG SYS_ADMIN SYS_CHROOT SYS_PTRACE
          {args: [config, --user=x], env: [{name: SMARTAGENT_INSTALLER_SCRIPT_URL, value: "https://h/i"}, {name: SMARTAGENT_CAPABILITIES, value: BPF}, {name: SMARTAGENT_NO_REMOUNT_ROOT, value: "TRUE"}]} | AUDIT_WRITE BPF CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETFCAP SETGID SETUID SYS_CHROOT
          {args: [run, --capabilities, none, --user, x, --, /opt/a]}                 | CHOWN SETGID SETUID SYS_ADMIN SYS_CHROOT
          {args: [run, --capabilities, 'SYS_PTRACE,KILL', --user, x, --, /opt/a]}    | CHOWN KILL SETGID SETUID SYS_ADMIN SYS_CHROOT SYS_PTRACE
          """)
  void followsTheSettingsOfItsOwnAgent(String container, String capabilities) {
    assertThat(smartAgent(block(container)).capabilities().toString()).isEqualTo(capabilities);
  }

  private static String block(String container) {
    return container
        .substring(1, container.length() - 1)
        .replace("], env", "]\nenv")
        .replace("mounted, ", "mounted\n");
  }

  @Test
  void saysWhichSettingsItDoesNotKnow() {
    Demotion demotion =
        smartAgent(
            "args: [config, --user, x, --modules, $(LIST)]\n"
                + "env: [{name: SMARTAGENT_MODE, valueFrom: {configMapKeyRef: {name: a, key: b}}},"
                + " {name: LIST, valueFrom: {configMapKeyRef: {name: a, key: b}}},"
                + " {name: K8S_NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]\n"
                + "envFrom: [{configMapRef: {name: a}}]");
    assertThat(demotion.exact()).isFalse();
    assertThat(demotion.reasons())
        .contains(
            "The value of SMARTAGENT_MODE is not in the manifest, so it is not looked at.",
            "The value of LIST is not in the manifest, so it is not looked at.",
            "The value of envFrom is not in the manifest, so it is not looked at.")
        .noneMatch(reason -> reason.contains("K8S_NODE_NAME"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {args: [config, --modules, host-event]}                    | Unknown module "host-event"
          {args: [config, --bogus]}                                  | no option --bogus
          {args: [config, --user, root]}                             | is root
          {args: [config], env: [{name: SMARTAGENT_NO_REMOUNT_ROOT, value: "1"}]} | is "1"
          {args: [run, --capabilities, "SYS_PTRACE,FOO", --, /opt/a]} | --capabilities is
          {args: [config], env: [{name: SMARTAGENT_CONTAINER_ROOTS, value: "foo=bar"}]} | SMARTAGENT_CONTAINER_ROOTS is
          """)
  void saysWhatTheLaunchRefuses(String container, String fault) {
    Demotion demotion = smartAgent(block(container));
    assertThat(demotion.exact()).isFalse();
    assertThat(demotion.reasons())
        .anyMatch(reason ->
            reason.startsWith("The launch refuses to start with these settings: ")
                && reason.contains(fault));
  }

  @Test
  void reportsThatNoUserIsNamedWhereNoneCanBeCreated() {
    assertThat(smartAgent("args: [config]").reasons())
        .anyMatch(reason -> reason.contains("add --user nobody"));
    assertThat(smartAgent("args: [config, --user, x]").reasons())
        .noneMatch(reason -> reason.contains("--user nobody"));
  }

  @Test
  void takesNoOtherContainerForItsOwnAgent() {
    assertThat(demotion("", "args: [config]").exact()).isFalse();
    assertThat(smartAgent("args: [serve]").exact()).isFalse();
  }

  @Test
  void demotesNothingThatIsNotPrivileged() {
    ContainerReport container =
        Audited.container("", "securityContext: {capabilities: {add: [SYS_ADMIN]}}");
    assertThat(container.demotion()).isNull();
  }
}
