package io.smartagent.integration;

import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An installation or runtime path that changes between two starts: nothing is moved or lost. */
final class PathChangeIT {

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private HostRoot busybox() {
    return afterwards.close(HostRoot.busybox());
  }

  /** Mounts a directory of the test where a custom path is, beside what is always mounted. */
  private static List<String> with(List<String> mounts, HostRoot root, String path) {
    List<String> words = new ArrayList<>(mounts);
    words.addAll(List.of("-v", here(root, path) + ":/mnt/root" + path));
    return words;
  }

  private static Path here(HostRoot root, String path) {
    HostRoot.makeDirectory(root.path(path));
    return HostRoot.makeDirectory(root.scratch().resolve("custom" + path));
  }

  private static Launcher withCustomRuntime(HostRoot root) {
    return Launcher.on(root)
        .mounts(with(root.readOnlyMounts(), root, "/data/lib/bonree"))
        .environment("SMARTAGENT_RUNTIME_PATH", "/data/lib")
        .user("agent");
  }

  @Test
  void keepsTheDataOfAFormerRuntimeDirectoryReadableAndSaysWhereItIs() {
    HostRoot root = busybox();
    succeeded(Launcher.on(root).user("agent").run("sh", "-c", "echo old >/var/lib/bonree/data"));
    String script =
        """
        cat /var/lib/bonree/data
        touch /var/lib/bonree/data 2>/dev/null || echo sealed
        echo new >/data/lib/bonree/data
        """;
    Completed changed = succeeded(withCustomRuntime(root).run("sh", "-c", script));
    assertThat(changed.out()).isEqualTo("old\nsealed\n");
    assertThat(changed.error())
        .contains(
            "\"/var/lib/bonree\" holds the data of a former runtime directory, which is"
                + " \"/data/lib/bonree\" now (SMARTAGENT_RUNTIME_PATH). Nothing was moved",
            "mv /var/lib/bonree/* /data/lib/bonree/");
    assertThat(here(root, "/data/lib/bonree").resolve("data")).hasContent("new\n");
    assertThat(root.runtimeHere().resolve("data")).hasContent("old\n");

    Completed back =
        succeeded(
            Launcher.on(root)
                .mounts(with(root.readOnlyMounts(), root, "/data/lib/bonree"))
                .user("agent")
                .run("cat", "/data/lib/bonree/data"));
    assertThat(back.out()).isEqualTo("new\n");
    assertThat(back.error()).contains("\"/data/lib/bonree\" holds the data of a former");
  }

  @Test
  void showsFormerDataInModeMinimalWhereItIsMounted() {
    HostRoot root = busybox();
    Launcher first =
        withCustomRuntime(root)
            .mounts(with(root.minimalMounts(), root, "/data/lib/bonree"))
            .setting("--mode", "minimal");
    succeeded(first.run("touch", "/data/lib/bonree/data"));
    Completed changed =
        succeeded(
            Launcher.on(root)
                .mounts(with(root.minimalMounts(), root, "/data/lib/bonree"))
                .setting("--mode", "minimal")
                .user("agent")
                .run(
                    "sh", "-c", "ls /data/lib/bonree; rm -f /data/lib/bonree/data || echo sealed"));
    assertThat(changed.out().lines()).contains("data", "sealed");
    assertThat(changed.error()).contains("\"/data/lib/bonree\" holds the data of a former");
  }

  @Test
  void saysOnceWhereAFormerInstallationIs() throws Exception {
    HostRoot root = busybox();
    HostRoot.makeDirectory(root.installHere().resolve("smartagent"));
    assertThat(succeeded(Launcher.on(root).user("agent").run("true")).error())
        .doesNotContain("installation directory was");
    Launcher changed =
        Launcher.on(root)
            .mounts(with(root.readOnlyMounts(), root, "/srv/deep/agent"))
            .environment("SMARTAGENT_INSTALL_PATH", "/srv/deep/agent")
            .user("agent");
    Completed first = succeeded(changed.run("ls", "/opt"));
    assertThat(first.out()).isEqualTo("smartagent\n");
    assertThat(first.error())
        .contains(
            "The installation directory was \"/opt\" at the last start and is"
                + " \"/srv/deep/agent\" now (SMARTAGENT_INSTALL_PATH). Nothing was moved",
            "mv /opt/smartagent /srv/deep/agent/");
    assertThat(Files.exists(here(root, "/srv/deep/agent").resolve("smartagent"))).isFalse();
    assertThat(succeeded(changed.run("true")).error()).doesNotContain("installation directory was");
  }

  @Test
  void leavesARuntimeDirectoryBelowTheInstallationWritable() {
    HostRoot root = busybox();
    HostRoot.makeDirectory(root.installHere().resolve("data/lib/bonree"));
    Launcher launcher =
        Launcher.on(root)
            .mounts(with(root.readOnlyMounts(), root, "/opt/data/lib/bonree"))
            .environment("SMARTAGENT_RUNTIME_PATH", "/opt/data/lib")
            .setting("--non-root-mode", "false");
    succeeded(launcher.run("touch", "/opt/written", "/opt/data/lib/bonree/written"));
    assertThat(here(root, "/opt/data/lib/bonree").resolve("written")).exists();
    assertThat(launcher.run("touch", "/var/lib/bonree/written").error())
        .contains("Read-only file system");
  }
}
