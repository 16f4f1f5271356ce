package io.smartagent.livesettings;

import io.smartagent.config.Option;
import io.smartagent.config.SettingValue;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.BackgroundThread;
import io.smartagent.module.EventSink;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the one source that settings may come from while the agent runs. */
public final class SettingsWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

  /** Delay after an unexpected failure. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  private static final long STACK_SIZE = 512 * 1024;

  /** In the runtime data directory. */
  private static final String DIRECTORY = "config";

  private final LiveSettings settings;
  private final SettingsFollower follower;

  private SettingsWatch(LiveSettings settings, SettingsFollower follower) {
    this.settings = settings;
    this.follower = follower;
  }

  /**
   * What the launch has decided.
   *
   * @param settings all of them
   * @param plans of all modules
   * @param runtimeDirectory the agent's own data directory
   * @param cluster how Kubernetes is reached; null where it cannot be
   */
  public record Launch(
      List<SettingValue> settings,
      List<ModulePlan> plans,
      String runtimeDirectory,
      @Nullable ClusterAccess cluster) {}

  /**
   * Returns the watch that the launch's settings ask for; it has looked once where that takes no
   * time.
   *
   * @param modules say what settings they use
   * @param events where changes are reported
   */
  public static SettingsWatch of(
      Launch launch, List<? extends ModuleDescriptor> modules, Filesystem files, EventSink events) {
    String map = SettingValue.valueIn(launch.settings(), Option.CONFIG_MAP);
    SettingsWatch watch =
        map.isEmpty()
            ? ofDirectory(launch, modules, files, events)
            : ofConfigMap(map, launch, modules, events);
    watch.follower.look();
    return watch;
  }

  private static SettingsWatch ofDirectory(
      Launch launch, List<? extends ModuleDescriptor> modules, Filesystem files, EventSink events) {
    String path = SettingValue.valueIn(launch.settings(), Option.CONFIG_PATH);
    boolean required = !path.isEmpty();
    String place = required ? path : launch.runtimeDirectory() + "/" + DIRECTORY;
    LiveSettings settings = live(launch, modules, place, name -> place + "/" + name, events);
    return new SettingsWatch(
        settings,
        new DirectoryFollower(new SettingsDirectory(files, place, !required), required, settings));
  }

  private static SettingsWatch ofConfigMap(
      String name, Launch launch, List<? extends ModuleDescriptor> modules, EventSink events) {
    ClusterAccess cluster = launch.cluster();
    String source = "ConfigMap " + (cluster == null ? "" : cluster.namespace() + "/") + name;
    LiveSettings settings = live(launch, modules, source, key -> source, events);
    return new SettingsWatch(
        settings,
        cluster == null
            ? new NoCluster(name, settings)
            : new ConfigMapFollower(cluster, name, settings));
  }

  private static LiveSettings live(
      Launch launch,
      List<? extends ModuleDescriptor> modules,
      String source,
      UnaryOperator<String> origin,
      EventSink events) {
    return new LiveSettings(launch.settings(), launch.plans(), modules, source, origin, events);
  }

  /**
   * Reports that nothing can be watched: what the launch could not open, the agent cannot either.
   */
  private record NoCluster(String map, LiveSettings settings) implements SettingsFollower {

    @Override
    public void look() {
      settings.onWatchFailed(
          "The ConfigMap \""
              + map
              + "\" cannot be watched, for the agent cannot reach Kubernetes: the launch found no"
              + " token that it could bring into the virtual root. Give the pod a ServiceAccount's"
              + " token, or mount the ConfigMap instead and leave SMARTAGENT_CONFIG_MAP out.");
    }

    @Override
    public void run() {}
  }

  /** Returns the settings that hold. */
  public LiveSettings settings() {
    return settings;
  }

  /** Starts its thread, which has no more capabilities than the calling one. */
  public void start() {
    BackgroundThread.named("settings", STACK_SIZE).start(this::run);
  }

  private void run() {
    try {
      while (!isFollowed()) {
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException e) {
      LOG.debug("The watch of settings was interrupted.", e);
    }
  }

  /** Unexpected failures end no thread either, nor does a lack of memory or threads. */
  private boolean isFollowed() throws InterruptedException {
    try {
      follower.run();
      return true;
    } catch (RuntimeException | Error e) {
      LOG.debug("Settings could not be followed.", e);
      settings.onWatchFailed(
          "The configuration cannot be followed: "
              + e.getClass().getSimpleName()
              + ". The log has details with SMARTAGENT_LOG_LEVEL=debug.");
      return false;
    }
  }
}
