package io.smartagent.kubernetes.deploy;

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

final class WishesParserTest {

  private static final List<TestDescriptor> MODULES =
      List.of(
          TestDescriptor.of("container-metrics").having(List.of(SharedSettings.CONTAINER_ROOTS)),
          TestDescriptor.of("kernel-stacks"));

  private static WishesParser.Result parse(String words) {
    return WishesParser.parse(words.isEmpty() ? List.of() : List.of(words.split(" ", -1)), MODULES);
  }

  @Test
  void withoutAnyWordItIsTheRecommendedMode() {
    WishesParser.Result result = parse("");

    assertThat(result.problems()).isEmpty();
    assertThat(result.json()).isFalse();
    assertThat(result.wishes().mode()).isEqualTo(Mode.READ_ONLY);
    assertThat(result.wishes().privileged()).isTrue();
    assertThat(result.wishes().createNamespace()).isTrue();
    assertThat(result.wishes().features())
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
    Wishes wishes = parse(words).wishes();

    assertThat(wishes.without())
        .isEqualTo(CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_KILL));
    assertThat(wishes.privileged()).isFalse();
    assertThat(wishes.remount()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--unprivileged", "--privileged=false", "--without KILL"})
  void isNotPrivilegedWhereThatIsSaidInAnyWay(String words) {
    WishesParser.Result result = parse(words);

    assertThat(result.problems()).isEmpty();
    assertThat(result.wishes().privileged()).isFalse();
  }

  @Test
  void aNamespaceThatIsNamedIsNotMade() {
    assertThat(parse("--namespace monitoring").wishes().createNamespace()).isFalse();
    assertThat(parse("--namespace monitoring --create-namespace").wishes().createNamespace())
        .isTrue();
    assertThat(parse("--create-namespace=false").wishes().createNamespace()).isFalse();
  }

  @Test
  void attributesOfPodsAreNotAskedForWithoutTheirModule() {
    assertThat(parse("--modules container-metrics").wishes().features())
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
        "--without SYS_ADMN | \"SYS_ADMN\", which there is not | Did you mean SYS_ADMIN?",
        "--without SYS_CHROOT,SYS_ADMIN | pivot_root, in a mount namespace | SYS_CHROOT or SYS_ADMIN",
        "--without SYS_CHROOT --no-remount | --no-remount allows no mounts | Leave one of them out",
        "--privileged --without KILL | --privileged and --without exclude | Leave one",
        "--privileged --unprivileged | exclude each other | Leave one",
        "--unprivileged=maybe | --unprivileged is \"maybe\" | \"true\" or \"false\"",
        "--without= | --without is empty | Leave it out",
        "--without=, | --without is empty | Leave it out",
        "--modules container-metric | \"container-metric\", which there is not | container-metrics?",
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
        "--install-path /x --runtime-path /x | are the same: \"/x\" | --install-path and --runtime-path",
        "--container-root docker | --container-root is \"docker\" | RUNTIME=PATH",
        "--container-root rkt=/x | --container-root is | containerd",
        "--features event | \"event\", which there is not | Did you mean events?",
        "--features fleet | \"fleet\", which there is not | kubernetes-attributes",
        "--status-address 9871 | --status-address is \"9871\" | IPV4:PORT",
        "--installer-url http://x/y | --installer-url is | https://",
        "--installer-sha256 00 | no effect without --installer-url | leave it out",
        "--installer-url https://x/y --installer-token-secret secret | --installer-token-secret is | NAME/KEY",
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
  void tellsAllThatIsWrongAtOnce() {
    assertThat(parse("--mode x --name X --image X --without X --cpu x --bogus").problems())
        .hasSize(6);
  }
}
