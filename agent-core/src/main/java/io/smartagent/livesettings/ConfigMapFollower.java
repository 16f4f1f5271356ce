package io.smartagent.livesettings;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.smartagent.config.Problem;
import io.smartagent.kernel.file.PathText;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ResourceWatch;
import io.smartagent.kubernetes.client.WatchTiming;
import io.smartagent.kubernetes.client.Watched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Watches one ConfigMap of the agent's namespace, by its name: a role that allows no other one is
 * enough (resourceNames), for the server takes the name from the field selector.
 */
final class ConfigMapFollower implements SettingsFollower {

  /** The watch receives changes on other threads; this is how often they are read. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private static final int SHOWN = 200;

  private final ResourceWatch<ConfigMap, SettingsDocument> watch;
  private final LiveSettings settings;

  ConfigMapFollower(ClusterAccess access, String name, LiveSettings settings) {
    this.settings = settings;
    this.watch =
        new ResourceWatch<>(
            access,
            new Watched<>(
                ApiPermission.CONFIG_MAP,
                ConfigMap::new,
                client ->
                    client
                        .configMaps()
                        .inNamespace(access.namespace())
                        .withField("metadata.name", name),
                ConfigMapFollower::document),
            WatchTiming.STANDARD);
  }

  /** Texts are data; what is no text in UTF-8, kubectl puts elsewhere. */
  static SettingsDocument document(ConfigMap map) {
    Map<String, String> data = map.getData();
    Map<String, String> binary = map.getBinaryData();
    List<Problem> problems = new ArrayList<>();
    if (binary != null) {
      for (String name : new TreeSet<>(binary.keySet())) {
        problems.add(
            Problem.configuration(
                PathText.quote(name, SHOWN) + " is in binaryData.",
                "A setting is text in UTF-8, in data."));
      }
    }
    return new SettingsDocument(
        map.getMetadata().getResourceVersion(), data == null ? Map.of() : data, problems);
  }

  /** Asking a server takes time, which no module waits for. */
  @Override
  public void look() {}

  @Override
  public void run() throws InterruptedException {
    try (watch) {
      while (true) {
        watch.poll();
        report();
        Thread.sleep(PERIOD);
      }
    }
  }

  private void report() {
    ApiFailure failure = watch.failure();
    if (failure != null) {
      settings.onWatchFailed(failure.text().strip());
    } else if (watch.isListed()) {
      watch.objects().values().stream()
          .findFirst()
          .ifPresentOrElse(settings::offer, settings::withdraw);
    }
  }
}
