package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.net.ProcessEvents;
import io.smartagent.limit.TokenBucket;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.applicationdiscovery.Listeners.Found;
import io.smartagent.modules.applicationdiscovery.ProcessTable.Scan;
import io.smartagent.modules.container.Containers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the applications on the host: by looking at its processes again and again, and, where it
 * may, by listening to what the kernel tells of them. What counts as an application is said in
 * {@link Applications}, the events and metrics in {@link ApplicationDiscoveryTelemetry}.
 */
public final class ApplicationDiscovery implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** After this time an application that has just started listens. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** A pass that takes long comes less often: passes take no more than a tenth of a CPU. */
  private static final int REST = 10;

  /** So long the kernel is listened to before anything else is done. */
  private static final Duration ATTENTION = Duration.ofMillis(500);

  /** What a busy host does; a fork bomb does ten times that. */
  private static final int EVENTS_PER_SECOND = 3000;

  private static final int EVENTS_AT_ONCE = 9000;

  /** So long nobody listens to a fork bomb. */
  private static final Duration DEAFNESS = Duration.ofSeconds(30);

  private static final int PASSWD_LIMIT = 16 << 20;

  private byte[] passwd = {};

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    boolean listens = context.source().equals(ApplicationDiscoveryDefinition.PROC_EVENTS);
    boolean reads = listens || context.source().equals(ApplicationDiscoveryDefinition.PROC_FULL);
    Filesystem files = context.kernel().filesystem();
    Containers containers = new Containers(context);
    try (ProcessTable table = new ProcessTable(files, context.root(), containers);
        Inspector inspector = new Inspector(files, context.root(), reads)) {
      Discovery discovery =
          new Discovery(
              context, containers, table, inspector, new Listeners(files, context.root(), reads));
      if (listens) {
        discovery.listen();
      } else {
        discovery.scanAgainAndAgain();
      }
    }
  }

  /** One run. */
  private final class Discovery {

    private final ModuleContext context;
    private final ProcessTable table;
    private final Inspector inspector;
    private final Listeners listeners;
    private final RunningApplications running;
    private final ProcessWatch watch;
    private final DiscoveryMetrics metrics;
    private Duration lastPass = Duration.ZERO;
    private long nextScan = System.nanoTime();
    private OptionalLong soon = OptionalLong.empty();
    private long overruns;
    private String deaf = "";

    Discovery(
        ModuleContext context,
        Containers containers,
        ProcessTable table,
        Inspector inspector,
        Listeners listeners)
        throws ErrnoException {
      this.context = context;
      this.table = table;
      this.inspector = inspector;
      this.listeners = listeners;
      this.metrics = new DiscoveryMetrics(context.metrics());
      ApplicationEvents events = new ApplicationEvents(containers);
      this.running = new RunningApplications(events, context::emit, table.uptimeTicks());
      this.watch =
          new ProcessWatch(
              table,
              running,
              this::inspect,
              (process, status, owner) ->
                  context.emit(events.vanished(Instant.now(), process, status, owner)),
              System::nanoTime);
    }

    /** Returns null where the process executes another program now: the details may be its. */
    private @Nullable Details inspect(HostProcess process) {
      Details details = inspector.inspect(process);
      return table.isCurrent(process) ? details : null;
    }

    void scanAgainAndAgain() throws ErrnoException {
      do {
        scan();
      } while (context.pause(rest()));
    }

    void listen() throws ErrnoException {
      ProcessEvents news = context.kernel().network().openProcessEvents();
      TokenBucket limit =
          TokenBucket.perSecond(EVENTS_AT_ONCE, EVENTS_PER_SECOND, System.nanoTime());
      long hearsAgain = 0;
      try {
        do {
          if (news == null && System.nanoTime() - hearsAgain >= 0) {
            news = context.kernel().network().openProcessEvents();
            deaf = "";
            nextScan = System.nanoTime();
          }
          if (isScanDue()) {
            scan();
          }
          if (news == null) {
            continue;
          }
          ProcessEvents.Batch batch = news.poll(ATTENTION);
          batch.events().forEach(watch::accept);
          boolean flood = !limit.tryTake(batch.events().size(), System.nanoTime());
          if (batch.overrun() || flood) {
            overruns++;
            watch.lookAway();
          }
          if (flood) {
            news.close();
            news = null;
            hearsAgain = System.nanoTime() + DEAFNESS.toNanos();
            deaf =
                "Processes start and end faster than they can be followed, so for "
                    + DEAFNESS.toSeconds()
                    + " seconds they are only scanned: what lives shortly is missed.";
            context.degraded(deaf);
          }
          metrics.count(running, watch.missed(), overruns);
        } while (context.pause(news == null ? ATTENTION : Duration.ZERO));
      } finally {
        if (news != null) {
          news.close();
        }
      }
    }

    private Duration rest() {
      Duration rest = lastPass.multipliedBy(REST);
      return rest.compareTo(INTERVAL) > 0 ? rest : INTERVAL;
    }

    /** What has just started listens a moment later; where it has ended by then, nobody asks. */
    private boolean isScanDue() {
      long now = System.nanoTime();
      if (now - nextScan >= 0) {
        return true;
      }
      if (!watch.wantsScan()) {
        soon = OptionalLong.empty();
        return false;
      }
      if (soon.isEmpty()) {
        Duration rest = lastPass.multipliedBy(REST);
        soon = OptionalLong.of(now + (rest.compareTo(SOON) > 0 ? rest : SOON).toNanos());
      }
      return now - soon.getAsLong() >= 0;
    }

    private void scan() throws ErrnoException {
      long begin = System.nanoTime();
      Scan scan = table.scan(context::isStopping);
      if (context.isStopping()) {
        return;
      }
      readUsers();
      List<HostProcess> chosen =
          running.choose(
              Applications.among(scan.processes(), table.uptimeTicks()), scan.processes());
      Found ports = listeners.find(chosen, workers(scan.processes(), chosen));
      running.pass(chosen, this::inspect, ports::of);
      watch.scanned();
      soon = OptionalLong.empty();
      lastPass = Duration.ofNanos(System.nanoTime() - begin);
      nextScan = System.nanoTime() + rest().toNanos();
      metrics.pass(scan, running.all(), ports.truncated(), lastPass);
      metrics.count(running, watch.missed(), overruns);
      context.observed(summary(scan, running.all().size()));
      context.degraded(trouble());
    }

    /** The host's users change while the agent runs. */
    private void readUsers() {
      byte[] content;
      try {
        content =
            context.kernel().filesystem().readAll(context.root() + "/etc/passwd", PASSWD_LIMIT);
      } catch (ErrnoException noUsers) {
        content = new byte[0];
      }
      if (!Arrays.equals(content, passwd)) {
        passwd = content;
        running.know(UserNames.parse(new String(content, StandardCharsets.UTF_8)));
      }
    }

    private String trouble() {
      int stuck = table.stuckReads();
      return stuck == 0
          ? deaf
          : count(stuck, "process does", "processes do")
              + " not let the command line be read: their memory is locked, as when a file system"
              + " hangs. Their applications may be unknown.";
    }
  }

  /** Returns the processes that are part of an application, by its pid. */
  private static Map<Integer, List<Integer>> workers(
      List<HostProcess> processes, List<HostProcess> applications) {
    Map<Integer, HostProcess> byPid = new HashMap<>();
    Set<Integer> own = new HashSet<>();
    for (HostProcess application : applications) {
      byPid.put(application.pid(), application);
      own.add(application.pid());
    }
    Map<Integer, List<Integer>> workers = new HashMap<>();
    for (HostProcess process : processes) {
      @Nullable HostProcess parent = byPid.get(process.parent());
      if (parent != null
          && !own.contains(process.pid())
          && Applications.isWorker(process, parent)) {
        workers.computeIfAbsent(parent.pid(), pid -> new ArrayList<>()).add(process.pid());
      }
    }
    return workers;
  }

  private static String summary(Scan scan, int applications) {
    long containers =
        scan.processes().stream()
            .map(process -> process.owner().containerId())
            .filter(Objects::nonNull)
            .distinct()
            .count();
    return count(scan.processes().size(), "process", "processes")
        + ", "
        + count(applications, "application", "applications")
        + ", "
        + count(containers, "container", "containers");
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
