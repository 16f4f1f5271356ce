package io.smartagent.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Mode;
import io.smartagent.config.Problem;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.TestDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestOptionsParserTest {

  private static final List<TestDescriptor> MODULES =
      List.of(
          TestDescriptor.of("container-metrics").having(List.of(SharedSettings.CONTAINER_ROOTS)),
          TestDescriptor.of("kernel-stacks"));

  private static ManifestOptionsParser.Result parse(String words) {
    return ManifestOptionsParser.parse(
        words.isEmpty() ? List.of() : List.of(words.split(" ", -1)), MODULES);
  }

  @Test
  void withoutAnyWordItIsTheRecommendedMode() {
    ManifestOptionsParser.Result result = parse("");

    assertThat(result.problems()).isEmpty();
    assertThat(result.json()).isFalse();
    assertThat(result.options().mode()).isEqualTo(Mode.READ_ONLY);
    assertThat(result.options().privileged()).isTrue();
    assertThat(result.options().createNamespace()).isTrue();
    assertThat(result.options().features())
        .containsExactlyInAnyOrder(
            ClusterFeature.ATTRIBUTES,
            ClusterFeature.CONFIG_MAP,
            ClusterFeature.EVENTS,
            ClusterFeature.AGENT_NODE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--without SYS_ADMIN,KILL",
        "--without SYS_ADMIN KILL",
        "--without CAP_SYS_ADMIN --without cap_kill",
        "--without=SYS_ADMIN,KILL",
      })
  void takesCapabilitiesInEverySpelling(String words) {
    ManifestOptions options = parse(words).options();

    assertThat(options.without())
        .isEqualTo(CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_KILL));
    assertThat(options.privileged()).isFalse();
    assertThat(options.remount()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--unprivileged", "--privileged=false", "--without KILL"})
  void isNotPrivilegedWhereThatIsSaidInAnyWay(String words) {
    ManifestOptionsParser.Result result = parse(words);

    assertThat(result.problems()).isEmpty();
    assertThat(result.options().privileged()).isFalse();
  }

  @Test
  void aNamespaceThatIsNamedIsNotMade() {
    assertThat(parse("--namespace monitoring").options().createNamespace()).isFalse();
    assertThat(parse("--namespace monitoring --create-namespace").options().createNamespace())
        .isTrue();
    assertThat(parse("--create-namespace=false").options().createNamespace()).isFalse();
  }

  @Test
  void attributesOfPodsAreNotAskedForWithoutTheirModule() {
    assertThat(parse("--modules container-metrics").options().features())
        .doesNotContain(ClusterFeature.ATTRIBUTES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mod full | no option --mod. | Did you mean --mode?",
        "--unpriviledged | no option --unpriviledged. | Did you mean --unprivileged?",
        "full | takes no argument \"full\". | manifest --help",
        "--mode | --mode has no value. | full|read-only|minimal",
        "--mode auto | --mode is \"auto\" | decides what is mounted",
        "--mode tiny | --mode is \"tiny\" | \"minimal\"",
        "--without SYS_ADMN | Unknown capability \"SYS_ADMN\" in option --without. |"
            + " Did you mean SYS_ADMIN?",
        "--without SYS_CHROOT,SYS_ADMIN | pivot_root, in a mount namespace | SYS_CHROOT or"
            + " SYS_ADMIN",
        "--without SYS_CHROOT --no-remount | --no-remount allows no mounts | Omit one of them",
        "--privileged --without KILL | --privileged and --without exclude | Omit one",
        "--privileged --unprivileged | exclude each other | Omit one",
        "--unprivileged=maybe | --unprivileged is \"maybe\" | \"true\" or \"false\"",
        "--without= | --without is empty | Omit it",
        "--without=, | --without is empty | Omit it",
        "--modules container-metric | Unknown module \"container-metric\" in --modules. |"
            + " container-metrics?",
        "--user a/b | --user is \"a/b\" | a user of the host",
        "--user root | --user is \"root\", who is root | --non-root-mode false",
        "--user 0:5 | --user is \"0:5\", who is root | --non-root-mode false",
        "--install-path /boot/x | --install-path is \"/boot/x\" | only mode full",
        "--runtime-path /root | --runtime-path is \"/root\" | only mode full",
        "--modules , | --modules is \",\" | auto, none or names",
        "--modules kubernetes-attributes --features none | --features does not | in neither",
        "--config-map a --features events | --config-map has no effect | --features",
        "--non-root-mode no | --non-root-mode is \"no\" | \"true\" or \"false\"",
        "--image Smart/Agent:1 | --image is \"Smart/Agent:1\" | [:TAG]",
        "--image smartagent:1@sha256:12 | --image is | DIGEST",
        "--image-pull-secret A_b | --image-pull-secret is \"A_b\" | RFC 1123",
        "--name SmartAgent | --name is \"SmartAgent\" | RFC 1123",
        "--name -agent | --name is \"-agent\" | RFC 1123",
        "--namespace a.b | --namespace is \"a.b\" | RFC 1123",
        "--install-path opt | --install-path is \"opt\" | an absolute path",
        "--install-path /opt/../etc | --install-path is | without \"..\"",
        "--runtime-path /a:b | --runtime-path is \"/a:b\" | without \":\"",
        "--install-path /x --runtime-path /x | are the same: \"/x\" | --install-path and"
            + " --runtime-path",
        "--container-root docker | --container-root is \"docker\" | RUNTIME=PATH",
        "--container-root rkt=/x | --container-root is | containerd",
        "--features event | Unknown feature \"event\" in option --features. | Did you mean events?",
        "--features fleet | Unknown feature \"fleet\" in option --features. | kubernetes-attributes",
        "--status-address 9871 | --status-address is \"9871\" | IPV4:PORT",
        "--installer-url http://x/y | --installer-url is | https://",
        "--installer-sha256 00 | no effect without --installer-url | omit it",
        "--installer-url https://x/y --installer-token-secret secret | --installer-token-secret is"
            + " | NAME/KEY",
        "--tolerations some | --tolerations is \"some\" | \"none\"",
        "--priority-class High | --priority-class is \"High\" | PriorityClass",
        "--cpu lots | --cpu is \"lots\" | 100m",
        "--cpu 0 | --cpu is \"0\" | quantity",
        "--memory 1Gi:512Mi | --memory is \"1Gi:512Mi\" | a limit that is not less",
        "--memory 1Gi: | --memory is \"1Gi:\" | REQUEST:LIMIT",
        "--max-unavailable 0 | --max-unavailable is \"0\" | from 1",
        "--max-unavailable 101% | --max-unavailable is \"101%\" | 100%",
        "--format xml | --format is \"xml\" | \"json\"",
      })
  void refuses(String words, String fault, String remedy) {
    List<Problem> problems = parse(words).problems();

    assertThat(problems)
        .anySatisfy(problem -> {
          assertThat(problem.fault()).contains(fault).doesNotContain("SMARTAGENT_");
          assertThat(problem.remedy()).contains(remedy).doesNotContain("SMARTAGENT_INST");
        });
    assertThat(Problem.statusOf(problems)).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void rootMayBeNamedWhereItIsAskedFor() {
    assertThat(parse("--user root --non-root-mode false").problems()).isEmpty();
    assertThat(parse("--mode full --install-path /root/x").problems()).isEmpty();
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThat(parse("--mode x --name X --image X --without X --cpu x --bogus").problems())
        .hasSize(6);
  }
}
