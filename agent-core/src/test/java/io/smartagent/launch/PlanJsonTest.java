package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.host.HostMounts;
import io.smartagent.host.HostMounts.WritableMount;
import io.smartagent.json.JsonStart;
import io.smartagent.json.JsonTree;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.plan.Situation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of {@code plan --format json}. */
final class PlanJsonTest {

  private final Situation situation = new Situation();

  private String text() {
    return new String(PlanJson.toJson(situation.plan()), StandardCharsets.UTF_8);
  }

  private JsonTree tree() throws IOException {
    return JsonTree.parse(PlanJson.toJson(situation.plan()));
  }

  @Test
  void saysWhatWasDecidedUnderTheKeysOfTheContract() throws IOException {
    JsonTree tree = tree();

    assertThat(tree.get("schemaVersion").number()).isEqualTo(1);
    assertThat(tree.get("decision").text()).isEqualTo("launch");
    assertThat(tree.get("mode").text()).isEqualTo("read-only");
    JsonTree user = tree.get("user");
    assertThat(user.get("name").text()).isEqualTo("nobody");
    assertThat(user.get("uid").number()).isEqualTo(65534);
    assertThat(user.get("gid").number()).isEqualTo(65534);
    assertThat(user.get("groups").texts()).containsExactly("65534");
    assertThat(user.get("root").text()).isEqualTo("false");
    assertThat(user.get("reason").text()).isNotBlank();
    for (String key : List.of("action", "subject", "reason")) {
      assertThat(tree.get("steps").items())
          .isNotEmpty()
          .noneMatch(step -> step.get(key).text().isBlank());
    }
    for (String key : List.of("kept", "dropped", "surplus")) {
      assertThat(tree.get("capabilities").get(key).texts())
          .isNotEmpty()
          .isSorted()
          .allMatch(name -> name.startsWith("CAP_"));
    }
    assertThat(tree.get("modules").items())
        .extracting(module -> module.get("id").text())
        .isSorted()
        .hasSameSizeAs(ModuleCatalog.modules());
  }

  @Test
  void writesEveryKeyAlsoWhereThereIsNothingToSay() {
    assertThat(text())
        .contains("\"missing\" : null", "\"blockedBy\" : null", "\"effect\" : null")
        .contains("\"remedy\" : null", "\"problems\" : [ ]", "\"warnings\" : [ ]")
        .endsWith("}\n");
  }

  @Test
  void listsSettingsByNameWithTheirSources() throws IOException {
    situation.variable(Option.INSTALL_PATH, "/srv/agent");

    List<JsonTree> settings = tree().get("settings").items();

    assertThat(settings).extracting(setting -> setting.get("name").text()).isSorted();
    assertThat(settings)
        .extracting(
            setting -> setting.get("name").text(),
            setting -> setting.get("value").text(),
            setting -> setting.get("source").text())
        .contains(
            tuple("SMARTAGENT_USER", "nobody", "--user"),
            tuple("SMARTAGENT_MODE", "auto", "default"),
            tuple("SMARTAGENT_INSTALL_PATH", "/srv/agent", "SMARTAGENT_INSTALL_PATH"));
  }

  @Test
  void saysWhatStaysOpenWhereNothingIsRemounted() throws IOException {
    situation
        .variable(Option.NO_REMOUNT_ROOT, "true")
        .mounts(new HostMounts(List.of(new WritableMount("/boot", "vfat", false)), 3));

    JsonTree tree = tree();

    assertThat(tree.get("seal").text()).isEqualTo("mounts");
    assertThat(tree.get("sealed").text()).isEqualTo("false");
    assertThat(tree.get("writable").texts()).containsExactly("/opt", "/var/lib/bonree");
    assertThat(tree.get("openMounts").items())
        .extracting(mount -> mount.get("path").text(), mount -> mount.get("type").text())
        .containsExactly(tuple("/boot", "vfat"));
    assertThat(tree.get("openMountsUnlisted").number()).isEqualTo(3);
    LaunchRecord record = LaunchRecordJson.parse(PlanJson.toJson(situation.plan()));
    assertThat(record.root().seal()).isEqualTo("mounts");
    assertThat(record.root().openMounts()).containsExactly("/boot");
    assertThat(record.root().openMountsUnlisted()).isEqualTo(3);
  }

  /** The next start reads no more of it, and there may be a thousand open mounts. */
  @Test
  void namesTheInstallationAmongTheFirstFields() {
    List<WritableMount> many =
        IntStream.range(0, 1000)
            .mapToObj(i -> new WritableMount("/var/lib/kubelet/pods/" + i, "tmpfs", false))
            .toList();
    situation
        .variable(Option.NO_REMOUNT_ROOT, "true")
        .variable(Option.INSTALL_PATH, "/srv/agent")
        .install(Situation.directory("/srv/agent", 0))
        .mounts(new HostMounts(many, 0));

    assertThat(text().indexOf("\"installPath\" : \"/srv/agent\"")).isBetween(1, 200);
    byte[] start = Arrays.copyOf(PlanJson.toJson(situation.plan()), 4096);
    assertThat(JsonStart.text(start, "installPath")).contains("/srv/agent");
    assertThat(JsonStart.shows(start, "installPath", "/srv/agent")).isTrue();
  }

  @Test
  void neverShowsTheDownloadToken() {
    situation.variable(Option.INSTALLER_DOWNLOAD_TOKEN, "s3cret");

    assertThat(text()).doesNotContain("s3cret").contains("***");
  }

  @Test
  void saysWhyItRefuses() throws IOException {
    Problem problem = situation.noPasswd().plan().problems().getFirst();

    JsonTree tree = tree();

    assertThat(tree.get("decision").text()).isEqualTo("refuse");
    assertThat(tree.get("steps").items()).isEmpty();
    JsonTree reported = tree.get("problems").items().getFirst();
    assertThat(reported.get("fault").text()).isEqualTo(problem.fault());
    assertThat(reported.get("remedy").text()).isEqualTo(problem.remedy());
    assertThat(reported.get("exitCode").number()).isEqualTo(78);
  }
}
