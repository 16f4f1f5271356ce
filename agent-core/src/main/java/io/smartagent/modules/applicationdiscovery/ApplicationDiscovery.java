package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.applicationdiscovery.ProcessTable.Scan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the applications on the host by looking at its processes again and again. What counts as an
 * application is said in {@link Applications}, the events in {@link ApplicationEvents}, the metrics
 * in {@link DiscoveryMetrics}. What starts and ends between two passes is not seen.
 */
public final class ApplicationDiscovery implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /**
   * What is more than that waits for the next pass: no flood of processes becomes one of events.
   */
  private static final int NEW_IN_A_PASS = 1000;

  private static final int PASSWD_LIMIT = 16 << 20;

  private byte[] passwd = {};
  private UserNames users = UserNames.NONE;

  /** Who an application is: a process that executes another program is another application. */
  private record Identity(
      int pid,
      long startTicks,
      String name,
      @Nullable String product,
      @Nullable String language,
      @Nullable String entryPoint) {

    static Identity of(HostProcess process) {
      Software software = process.software();
      return new Identity(
          process.pid(),
          process.startTicks(),
          software.name(),
          software.product(),
          software.language(),
          software.entryPoint());
    }
  }

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    Filesystem files = context.kernel().filesystem();
    boolean environments = context.source().equals(ApplicationDiscoveryDescriptor.PROC_FULL);
    DiscoveryMetrics metrics = new DiscoveryMetrics(context.metrics());
    try (ProcessTable table = new ProcessTable(files, context.root(), environments)) {
      long startedAt = table.uptimeTicks();
      Map<Identity, HostProcess> running = new LinkedHashMap<>();
      do {
        long begin = System.nanoTime();
        Scan scan = table.scan(context::isStopping);
        if (context.isStopping()) {
          return;
        }
        List<HostProcess> applications = Applications.among(scan.processes(), table.uptimeTicks());
        readUsers(files, context.root());
        running = tell(context, running, applications, startedAt);
        metrics.update(scan, applications, Duration.ofNanos(System.nanoTime() - begin));
        context.observed(summary(scan, applications));
        context.trouble(trouble(table));
      } while (context.pause(INTERVAL));
    }
  }

  /** Returns what is running now and has been told. */
  private Map<Identity, HostProcess> tell(
      ModuleContext context,
      Map<Identity, HostProcess> before,
      List<HostProcess> applications,
      long moduleStart) {
    Instant now = Instant.now();
    Map<Identity, HostProcess> running = new LinkedHashMap<>();
    int fresh = 0;
    for (HostProcess application : applications) {
      Identity identity = Identity.of(application);
      HostProcess told = before.get(identity);
      if (told != null) {
        running.put(identity, application);
      } else if (fresh < NEW_IN_A_PASS) {
        fresh++;
        running.put(identity, application);
        boolean history = application.startTicks() <= moduleStart;
        context.emit(
            ApplicationEvents.of(
                history ? ApplicationEvents.FOUND : ApplicationEvents.STARTED,
                history ? now : application.startedAt(),
                application,
                users));
      }
    }
    before.forEach((identity, application) -> {
      if (!running.containsKey(identity)) {
        context.emit(ApplicationEvents.of(ApplicationEvents.ENDED, now, application, users));
      }
    });
    return running;
  }

  /** The host's users change while the agent runs. */
  private void readUsers(Filesystem files, String root) {
    try {
      byte[] content = files.readAll(root + "/etc/passwd", PASSWD_LIMIT);
      if (!Arrays.equals(content, passwd)) {
        passwd = content;
        users = UserNames.parse(new String(content, StandardCharsets.UTF_8));
      }
    } catch (ErrnoException noUsers) {
      passwd = new byte[0];
      users = UserNames.NONE;
    }
  }

  private static String summary(Scan scan, List<HostProcess> applications) {
    long containers =
        scan.processes().stream()
            .map(process -> process.owner().containerId())
            .filter(Objects::nonNull)
            .distinct()
            .count();
    return count(scan.processes().size(), "process", "processes")
        + ", "
        + count(applications.size(), "application", "applications")
        + ", "
        + count(containers, "container", "containers");
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  private static String trouble(ProcessTable table) {
    int stuck = table.stuckReads();
    return stuck == 0
        ? ""
        : count(stuck, "process does", "processes do")
            + " not let the command line be read: their memory is locked, as when a file system hangs."
            + " Their applications may be unknown.";
  }
}
