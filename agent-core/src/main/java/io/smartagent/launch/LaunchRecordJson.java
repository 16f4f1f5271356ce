package io.smartagent.launch;

import io.smartagent.config.Option;
import io.smartagent.config.ReportSettings;
import io.smartagent.config.SettingValue;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.probe.Blocker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what {@link PlanJson} has left as launch.json. */
public final class LaunchRecordJson {

  private LaunchRecordJson() {}

  /**
   * Returns the record in {@code json}.
   *
   * @throws IOException where it is not JSON, or of another version
   */
  public static LaunchRecord parse(byte[] json) throws IOException {
    JsonTree tree = JsonTree.parse(json);
    if (tree.get("schemaVersion").number() != 1) {
      throw new IOException("schemaVersion is not 1");
    }
    JsonTree user = tree.get("user");
    List<SettingValue> settings = settings(tree.get("settings"));
    return new LaunchRecord(
        tree.get("version").text(),
        tree.get("mode").text(),
        tree.get("sealed").isTrue(),
        tree.get("writable").texts(),
        user.get("name").text(),
        (int) user.get("uid").number(),
        (int) user.get("gid").number(),
        user.get("root").isTrue(),
        capabilities(tree.get("capabilities").get("kept")),
        capabilities(tree.get("capabilities").get("dropped")),
        tree.get("noNewPrivileges").isTrue(),
        tree.get("statusAddress").text(),
        tree.get("runtimeDirectory").text(),
        tree.get("nodeName").text(),
        tree.get("modules").items().stream().map(LaunchRecordJson::module).toList(),
        tree.get("warnings").texts(),
        tree.get("seal").text(),
        tree.get("openMounts").items().stream().map(mount -> mount.get("path").text()).toList(),
        (int) tree.get("openMountsUnlisted").number(),
        cluster(tree.get("cluster")),
        settings,
        reports(settings));
  }

  private static @Nullable ClusterAccess cluster(JsonTree cluster) {
    String server = cluster.get("server").textOrNull();
    return server == null
        ? null
        : new ClusterAccess(
            server,
            cluster.get("directory").text(),
            cluster.get("namespace").text(),
            cluster.get("nodeName").text());
  }

  private static ReportSettings reports(List<SettingValue> settings) {
    return ReportSettings.of(
        SettingValue.valueIn(settings, Option.KUBERNETES_EVENTS),
        SettingValue.valueIn(settings, Option.AGENT_NODE),
        SettingValue.valueIn(settings, Option.AGENT_NODE_SPREAD_SECONDS));
  }

  private static List<SettingValue> settings(JsonTree settings) {
    return settings.items().stream()
        .map(setting ->
            new SettingValue(
                setting.get("name").text(),
                setting.get("value").text(),
                setting.get("source").text()))
        .toList();
  }

  private static CapabilitySet capabilities(JsonTree names) {
    List<Capability> known =
        names.texts().stream().map(Capability::parse).flatMap(Optional::stream).toList();
    return CapabilitySet.of(known);
  }

  private static ModulePlan module(JsonTree module) {
    return new ModulePlan(
        module.get("id").text(),
        Stream.of(ModuleState.values())
            .filter(state -> state.id().equals(module.get("state").text()))
            .findFirst()
            .orElse(ModuleState.DISABLED),
        module.get("source").textOrNull(),
        capabilities(module.get("capabilities")),
        module.get("missing").textOrNull(),
        Stream.of(Blocker.values())
            .filter(blocker -> blocker.id().equals(module.get("blockedBy").text()))
            .findFirst()
            .orElse(null),
        module.get("effect").textOrNull(),
        module.get("remedy").textOrNull());
  }
}
