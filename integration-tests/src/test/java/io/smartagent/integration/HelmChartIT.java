package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.Helm;
import io.smartagent.integration.machine.ManifestObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart makes the objects that the command makes. */
final class HelmChartIT {

  private static String manifest(String options) {
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--network", "none", "--cap-drop", "ALL"));
    command.addAll(List.of("--label", Docker.LABEL, Docker.image(), "manifest"));
    command.addAll(List.of(options.split(" ", -1)));
    return Docker.docker(command).orFail().out();
  }

  private static Completed template(String values) {
    List<String> options = new ArrayList<>();
    for (String value : values.isEmpty() ? new String[0] : values.split(" ", -1)) {
      boolean json = value.endsWith("]") || value.endsWith("\"");
      options.addAll(List.of(json ? "--set-json" : "--set", value));
    }
    return Helm.template(options);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mode full | mode=full privileged=true",
        "--mode read-only --unprivileged | mode=read-only",
        "--mode minimal --no-admission-policy"
            + " | mode=minimal privileged=true admissionPolicy=false",
        "--mode minimal --without SYS_ADMIN,NET_ADMIN | mode=minimal without={SYS_ADMIN,NET_ADMIN}",
        "--mode full --without SYS_CHROOT,DAC_OVERRIDE | mode=full without={SYS_CHROOT,DAC_OVERRIDE}",
        "--without SETUID --modules network-interfaces,kernel-stacks"
            + " | without={SETUID} modules=network-interfaces\\,kernel-stacks",
        "--unprivileged --modules none --features none | modules=none features=[]",
        "--modules auto,!log-discovery --features events"
            + " | modules=auto\\,!log-discovery features={events} privileged=true",
        "--mode minimal --unprivileged --user 1000:1000 --crio --container-root docker=/data/docker"
            + " --install-path /data/agent --runtime-path /data/lib --status-address 0.0.0.0:9000"
            + " --features config-map --config-map settings --tolerations none"
            + " | mode=minimal user=1000:1000 crio=true containerRoots.docker={/data/docker}"
            + " installPath=/data/agent runtimePath=/data/lib statusAddress=0.0.0.0:9000"
            + " features={config-map} configMap.name=settings tolerations=null",
        "--mode minimal --without KILL --installer-url https://example.org/i.sh"
            + " --installer-token-secret installer/token --image registry:5000/agent:2"
            + " --image-pull-secret pull --priority-class none --max-unavailable 3"
            + " | mode=minimal without={KILL} installer.url=https://example.org/i.sh"
            + " installer.tokenSecret.name=installer installer.tokenSecret.key=token"
            + " image.repository=registry:5000/agent image.tag=\"2\" image.pullSecret=pull"
            + " priorityClassName= maxUnavailable=3",
      })
  void makesTheSameObjects(String options, String values) {
    Map<String, Object> expected = ManifestObjects.of(manifest(options));
    expected.keySet().removeAll(List.of("Namespace", "CustomResourceDefinition"));

    assertThat(ManifestObjects.of(template(values).orFail().out())).isEqualTo(expected);
  }

  @Test
  void takesANumberOfAFileAsItStands(@TempDir Path directory) throws IOException {
    Path values = Files.writeString(directory.resolve("values.yaml"), "user: 2000000\n");

    Completed made = Helm.template(List.of("-f", values.toString()));

    assertThat(made.orFail().out()).contains("\"--user\",\"2000000\"");
  }

  @Test
  void quotesNamesThatLookLikeNumbers() {
    Completed made =
        Helm.template(
            List.of(
                "--set-string",
                "nameOverride=123,priorityClassName=1,image.pullSecret=7,configMap.data.a=b"));

    assertThat(made.orFail().out())
        .contains("name: \"123\"")
        .doesNotContain("ame: 123", "instance: 123", "ame: 1\n", "name: 7");
  }

  @Test
  void isWellFormed() {
    Completed lint = Helm.run("lint", "--strict", Helm.chart().toString());

    assertThat(lint.exitCode()).as("%s", lint).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode=tiny | at '/mode'",
        "unpriviledged=true | 'unpriviledged' not allowed",
        "without={SYS_ADMN} | at '/without/0'",
        "privileged=true without={KILL} | at '/without'",
        "modules=container-metric | at '/modules'",
        "installPath=opt | at '/installPath'",
        "installPath=/opt/../etc | at '/installPath'",
        "containerRoots.rkt={/x} | 'rkt' not allowed",
        "features={fleet} | at '/features/0'",
        "nameOverride=Agent | at '/nameOverride'",
        "image.repository=Smart Agent | at '/image/repository'",
        "installer.url=http://x/y | at '/installer/url'",
        "resources.requests.cpu=lots | at '/resources/requests/cpu'",
        "statusAddress=127.0.0.1:65536 | whose port is not valid",
        "maxUnavailable=101% | at '/maxUnavailable'",
        "without={SYS_CHROOT,SYS_ADMIN} | Without SYS_CHROOT the host's root is entered by pivot_root",
        "installPath=/x runtimePath=/x | are the same: \"/x\"",
        "installer.url=https://x/y installer.tokenSecret.name=a | has a name and no key",
      })
  void refuses(String values, String fault) {
    Completed refused =
        values.contains(" Agent") ? Helm.template(List.of("--set", values)) : template(values);

    assertThat(refused.exitCode()).as("%s", refused).isNotZero();
    assertThat(refused.error()).contains(fault);
  }
}
