package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.host.FormerData;
import io.smartagent.host.LayoutFacts;
import io.smartagent.host.MinimalFacts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FormerDataTest {

  private final Situation situation = new Situation();

  private List<String> warnings(FormerData former) {
    LaunchPlan plan = situation.layout(new LayoutFacts(false, former, MinimalFacts.NOTHING)).plan();
    assertThat(plan.problems()).isEmpty();
    return plan.warnings();
  }

  @Test
  void saysNothingWhereNothingWasLeft() {
    assertThat(warnings(FormerData.NONE)).isEmpty();
  }

  @Test
  void namesTheFormerInstallationAndHowToMoveIt() {
    situation
        .variable(Option.INSTALL_PATH, "/srv/agent")
        .install(Situation.directory("/srv/agent", 0));

    assertThat(warnings(new FormerData(Optional.of("/opt"), List.of())))
        .containsExactly(
            "The installation directory was \"/opt\" at the last start and is \"/srv/agent\" now"
                + " (SMARTAGENT_INSTALL_PATH). Nothing was moved: what was installed is still in"
                + " \"/opt/smartagent\"; the agent sees it read-only. To keep it: stop the agent on"
                + " this node, mv /opt/smartagent /srv/agent/ on the host, start the agent again. To"
                + " forget it: delete it there.");
  }

  @Test
  void namesEveryFormerRuntimeDirectoryAndHowToMoveIt() {
    situation
        .variable(Option.RUNTIME_PATH, "/data/lib")
        .runtime(Situation.directory("/data/lib/bonree", 65534, "runtime"));

    assertThat(
            warnings(new FormerData(Optional.empty(), List.of("/srv/bonree", "/var/lib/bonree"))))
        .hasSize(2)
        .last()
        .isEqualTo(
            "\"/var/lib/bonree\" holds the data of a former runtime directory, which is"
                + " \"/data/lib/bonree\" now (SMARTAGENT_RUNTIME_PATH). Nothing was moved; the agent"
                + " sees it read-only. To keep it: stop the agent on this node, mv /var/lib/bonree/*"
                + " /data/lib/bonree/ on the host, start the agent again. To forget it: delete it"
                + " there.");
  }

  @Test
  void promisesNoReadOnlyViewWhereNothingIsSealed() {
    situation.hostReadOnly(false);

    assertThat(warnings(new FormerData(Optional.of("/srv"), List.of())))
        .last()
        .asString()
        .contains("\"/srv/smartagent\". To keep it");
  }
}
