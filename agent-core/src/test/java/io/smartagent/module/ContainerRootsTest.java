package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerRootsTest {

  @Test
  void takesAPathThatIsSpelledInTwoWaysForOneRoot() {
    assertThat(
            ContainerRoots.parse(
                "docker=/var/lib/docker/, docker=//var///lib/docker,docker=/data,runc=/run/x//"))
        .contains(
            new ContainerRoots(
                Map.of("docker", List.of("/var/lib/docker", "/data"), "runc", List.of("/run/x"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker=/", "docker=//", "docker=data", "docker=/a/../b", "lxc=/a", "/a"})
  void takesNothingElseForARoot(String text) {
    assertThat(ContainerRoots.parse(text)).isEmpty();
  }
}
