package io.smartagent.launch;

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
    return new LaunchRecord(
        tree.get("version").text(),
        root(tree),
        user(tree.get("user")),
        new LaunchRecord.Privileges(
            capabilities(tree.get("capabilities").get("kept")),
            capabilities(tree.get("capabilities").get("dropped")),
            tree.get("noNewPrivileges").isTrue()),
        new LaunchRecord.Node(
            tree.get("nodeName").text(),
            tree.get("statusAddress").text(),
            tree.get("runtimeDirectory").text(),
            cluster(tree.get("cluster"))),
        new LaunchRecord.Decisions(
            tree.get("modules").items().stream().map(LaunchRecordJson::module).toList(),
            tree.get("warnings").texts()),
        settings(tree.get("settings")));
  }

  private static LaunchRecord.Root root(JsonTree tree) {
    return new LaunchRecord.Root(
        tree.get("mode").text(),
        tree.get("sealed").isTrue(),
        tree.get("writable").texts(),
        tree.get("seal").text(),
        tree.get("openMounts").items().stream().map(mount -> mount.get("path").text()).toList(),
        (int) tree.get("openMountsUnlisted").number());
  }

  private static LaunchRecord.User user(JsonTree user) {
    return new LaunchRecord.User(
        user.get("name").text(),
        (int) user.get("uid").number(),
        (int) user.get("gid").number(),
        user.get("root").isTrue());
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
