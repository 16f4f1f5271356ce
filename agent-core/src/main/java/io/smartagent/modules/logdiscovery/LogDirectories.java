package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.file.FileType;
import io.smartagent.module.ContainerRoots;
import io.smartagent.modules.logdiscovery.CarefulFiles.Entry;
import io.smartagent.modules.logdiscovery.CarefulFiles.Listing;
import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds the logs in the directories that kubelet, the container runtimes and the system keep them
 * in. What a rotation has left behind there is nobody's log any more.
 */
final class LogDirectories {

  private static final String SYSTEM = "/var/log";
  private static final String PODS = "/var/log/pods";
  private static final String LINKS = "/var/log/containers";

  /** So deep below /var/log are the logs of any package. */
  private static final int DEPTH = 4;

  /** The most directories and files that a pass looks at. */
  private static final int OF_A_PASS = 20_000;

  private static final List<String> DOCKER_ROOTS = List.of("/var/lib/docker");
  private static final List<String> STORAGE_ROOTS = List.of("/var/lib/containers/storage");

  private static final Pattern POD_LOG = Pattern.compile("[0-9]{1,10}\\.log");
  private static final Pattern CONTAINER_ID = Pattern.compile("[0-9a-f]{64}");

  /** kubelet's pkg/kubelet/kuberuntime: legacyLogSymlink. */
  private static final Pattern LINK = Pattern.compile("[^/]+-([0-9a-f]{64})\\.log");

  private final CarefulFiles careful;
  private final ContainerRoots configured;

  /**
   * What a pass has seen.
   *
   * @param sightings of files that may be logs
   * @param stdout those of them that hold what a container prints
   * @param unreadable how many directories are there and may not be read
   * @param leftOut how many directories and files at least there was no room for
   */
  record Scan(
      List<Sighting> sightings, Map<FileId, StdoutLog> stdout, int unreadable, int leftOut) {}

  private final class Sum {
    private final List<Sighting> sightings = new ArrayList<>();
    private final Map<FileId, StdoutLog> stdout = new HashMap<>();
    private int unreadable;
    private int leftOut;
    private int looked;

    private List<Entry> list(String directory, Predicate<String> wanted, boolean follow) {
      if (looked >= OF_A_PASS) {
        leftOut++;
        return List.of();
      }
      looked++;
      Listing listing = careful.list(directory, wanted, follow);
      if (listing.unreadable()) {
        unreadable++;
      }
      looked += listing.entries().size();
      leftOut += listing.leftOut();
      return listing.entries();
    }

    private void add(String path, Spot spot, Entry entry, Verdict verdict) {
      FileId id = FileId.of(entry.status());
      sightings.add(
          new Sighting(
              id,
              entry.status().size(),
              Place.onHost(path),
              spot,
              verdict,
              null,
              Sighting.UNKNOWN_MOUNT));
    }

    private void addStdout(String path, Entry entry, Map<String, String> containers) {
      StdoutLog log = StdoutLog.of(path);
      if (log != null && entry.status().type() == FileType.REGULAR) {
        FileId id = FileId.of(entry.status());
        StdoutLog named = log.withContainer(containers.get(path));
        boolean known = stdout.containsKey(id);
        stdout.merge(id, named, StdoutLog::and);
        if (!known) {
          add(path, new Spot.Linked(path), entry, Verdict.LOG);
        }
      }
    }
  }

  LogDirectories(CarefulFiles careful, ContainerRoots configured) {
    this.careful = careful;
    this.configured = configured;
  }

  /**
   * Looks into every directory.
   *
   * @param stopping whether to end early, with what has been seen
   */
  Scan scan(BooleanSupplier stopping) {
    Sum sum = new Sum();
    for (String docker : roots(DOCKER_ROOTS, "docker")) {
      String containers = docker + "/containers";
      for (Entry entry : directories(sum, containers, CONTAINER_ID.asMatchPredicate())) {
        String directory = containers + "/" + entry.name();
        String name = entry.name() + "-json.log";
        sum.list(directory, name::equals, false)
            .forEach(log -> sum.addStdout(directory + "/" + name, log, Map.of()));
      }
    }
    for (String storage : roots(STORAGE_ROOTS, "podman", "cri-o")) {
      String containers = storage + "/overlay-containers";
      for (Entry entry : directories(sum, containers, CONTAINER_ID.asMatchPredicate())) {
        String directory = containers + "/" + entry.name() + "/userdata";
        sum.list(directory, "ctr.log"::equals, false)
            .forEach(log -> sum.addStdout(directory + "/ctr.log", log, Map.of()));
      }
    }
    // Their links may lead to what has been seen already, and give it names.
    pods(sum, stopping);
    system(sum, stopping);
    return new Scan(sum.sightings, sum.stdout, sum.unreadable, sum.leftOut);
  }

  private List<String> roots(List<String> usual, String... runtimes) {
    List<String> roots = new ArrayList<>(usual);
    for (String runtime : runtimes) {
      configured.of(runtime).stream().filter(root -> !roots.contains(root)).forEach(roots::add);
    }
    return roots;
  }

  /** With Docker, what lies here are links to Docker's files: they are followed. */
  private void pods(Sum sum, BooleanSupplier stopping) {
    Map<String, String> containers = new HashMap<>();
    careful
        .links(LINKS)
        .forEach((name, target) -> {
          var matcher = LINK.matcher(name);
          if (matcher.matches()) {
            containers.put(target, matcher.group(1));
          }
        });
    for (Entry pod : directories(sum, PODS, name -> name.split("_", -1).length == 3)) {
      if (stopping.getAsBoolean()) {
        return;
      }
      String podDirectory = PODS + "/" + pod.name();
      for (Entry container : directories(sum, podDirectory, name -> true)) {
        String directory = podDirectory + "/" + container.name();
        sum.list(directory, POD_LOG.asMatchPredicate(), true)
            .forEach(log -> sum.addStdout(directory + "/" + log.name(), log, containers));
      }
    }
  }

  private static List<Entry> directories(Sum sum, String path, Predicate<String> wanted) {
    return sum.list(path, wanted, false).stream()
        .filter(entry -> entry.status().isDirectory())
        .toList();
  }

  private record Level(String path, int depth) {}

  private static void system(Sum sum, BooleanSupplier stopping) {
    Deque<Level> ahead = new ArrayDeque<>(List.of(new Level(SYSTEM, 1)));
    while (!ahead.isEmpty() && !stopping.getAsBoolean()) {
      Level level = ahead.removeFirst();
      for (Entry entry : sum.list(level.path(), name -> !LogRules.isRotated(name), false)) {
        String path = level.path() + "/" + entry.name();
        Verdict verdict = LogRules.judge(path);
        if (entry.status().isDirectory()
            && level.depth() < DEPTH
            && !path.equals(PODS)
            && !path.equals(LINKS)) {
          ahead.addLast(new Level(path, level.depth() + 1));
        } else if (entry.status().type() == FileType.REGULAR && LogRules.isTooLong(path)) {
          sum.leftOut++;
        } else if (entry.status().type() == FileType.REGULAR && verdict != Verdict.NONE) {
          sum.add(path, new Spot.InHost("", path), entry, verdict);
        }
      }
    }
  }
}
