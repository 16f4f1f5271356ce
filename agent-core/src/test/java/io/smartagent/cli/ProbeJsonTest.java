package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.plan.Situation;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@code probe --format json}. */
final class ProbeJsonTest {

  private final Situation situation = new Situation();

  private JsonTree tree() throws IOException {
    return JsonTree.parse(ProbeJson.toJson(situation.container()));
  }

  @Test
  void saysWhatWasFoundUnderTheKeysOfTheContract() throws IOException {
    situation.securebits(new Securebits(0b101));
    JsonTree tree = tree();

    assertThat(tree.get("schemaVersion").number()).isEqualTo(1);
    assertThat(tree.get("kernel").get("release").text()).isEqualTo("6.12.0");
    assertThat(tree.get("kernel").get("machine").text()).isEqualTo("x86_64");
    for (String set : List.of("effective", "permitted", "bounding")) {
      assertThat(tree.get("capabilities").get(set).texts())
          .isEqualTo(Situation.DOCUMENTED.names())
          .isSorted();
    }
    assertThat(tree.get("capabilities").get("inheritable").texts()).isEmpty();
    assertThat(tree.get("capabilities").get("ambient").texts()).isEmpty();
    assertThat(tree.get("securebits").texts())
        .containsExactly("SECBIT_NOROOT", "SECBIT_NO_SETUID_FIXUP");
    assertThat(tree.get("noNewPrivileges").text()).isEqualTo("false");
    assertThat(tree.get("seccomp").text()).isEqualTo("filter");
    assertThat(tree.get("lsm").textOrNull()).isNull();
    assertThat(tree.get("userNamespace").text()).isEqualTo("initial");
  }

  @Test
  void listsEveryAbilityByName() throws IOException {
    situation.blocked(Ability.KMSG, Blocker.DEVICE_CGROUP);

    List<JsonTree> abilities = tree().get("abilities").items();

    assertThat(abilities)
        .extracting(ability -> ability.get("name").text())
        .hasSize(Ability.values().length)
        .isSorted();
    assertThat(abilities)
        .filteredOn(ability -> ability.get("name").text().equals("kmsg"))
        .singleElement()
        .satisfies(kmsg -> {
          assertThat(kmsg.get("available").text()).isEqualTo("false");
          assertThat(kmsg.get("blockedBy").text()).isEqualTo("deviceCgroup");
          assertThat(kmsg.get("detail").text()).isNotBlank();
        });
    assertThat(abilities)
        .filteredOn(ability -> ability.get("available").isTrue())
        .isNotEmpty()
        .allMatch(ability -> ability.get("blockedBy").textOrNull() == null);
  }

  @Test
  void endsWithANewline() {
    assertThat(new String(ProbeJson.toJson(situation.container()), StandardCharsets.UTF_8))
        .endsWith("}\n");
  }
}
