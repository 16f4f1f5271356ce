package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.LogFilter;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.logdiscovery.CarefulFiles.Lane;
import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import io.smartagent.modules.logdiscovery.OpenFiles.Scan;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the logs on the host, again and again: those that processes write ({@link OpenFiles}) and
 * those that lie where logs do ({@link LogDirectories}). What a log is, is said in {@link LogRules}
 * and {@link LogSample}; what has become of each, {@link LogCatalog} finds out.
 */
public final class LogDiscovery implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** Between two looks whether the pods of new logs are known by now. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    Filesystem files = context.kernel().filesystem();
    ProcessFiles processes = new ProcessFiles(files, context.root());
    Mounts mounts = new Mounts(files, processes);
    LogCatalog catalog = new LogCatalog();
    LogGate gate = new LogGate(context.containers().pods(), context.cluster() != null);
    LogMetrics metrics = new LogMetrics(context.metrics());
    try (CarefulFiles careful = new CarefulFiles(files, processes, context.root())) {
      OpenFiles openFiles =
          context.source().equals(LogDiscoveryDefinition.OPEN_FILES)
              ? new OpenFiles(files, processes, careful, mounts, OpenFiles.OF_A_PASS)
              : null;
      LogDirectories directories =
          new LogDirectories(careful, context.settings().get(SharedSettings.CONTAINER_ROOTS));
      LogExaminer examiner = new LogExaminer(processes, careful, mounts, new Containers(context));
      Pass pass =
          new Pass(context, careful, mounts, openFiles, directories, examiner, catalog, gate);
      do {
        long begin = System.nanoTime();
        Result result = pass.run();
        if (context.isStopping()) {
          return;
        }
        metrics.update(result, catalog, gate, Duration.ofNanos(System.nanoTime() - begin));
        context.observed(summary(catalog, gate));
        context.degraded(trouble(result));
      } while (rest(context, gate));
    }
  }

  /** Ends early when pods of new logs are known that were not, or have been waited for. */
  private static boolean rest(ModuleContext context, LogGate gate) {
    if (!gate.isWaiting()) {
      return context.pause(INTERVAL);
    }
    do {
      if (!context.pause(SOON)) {
        return false;
      }
    } while (!gate.isWaitOver() && gate.isOf(LogFilter.of(context.settings())));
    return true;
  }

  /**
   * What a pass has to say.
   *
   * @param open what it has seen of processes
   * @param directories what it has seen of directories
   * @param changes what has become of logs that are told
   * @param unread how many files could not be read
   * @param silent how many file systems did not answer
   */
  record Result(
      Scan open,
      LogDirectories.Scan directories,
      List<LogChange> changes,
      int unread,
      int silent) {}

  /** A file, and a descriptor through which it is written. */
  private record Holding(FileId id, Spot.@Nullable Held holder) {}

  /** Looks at everything once. */
  private record Pass(
      ModuleContext context,
      CarefulFiles careful,
      Mounts mounts,
      @Nullable OpenFiles openFiles,
      LogDirectories directories,
      LogExaminer examiner,
      LogCatalog catalog,
      LogGate gate) {

    Result run() throws ErrnoException {
      careful.beginPass();
      mounts.beginPass();
      Scan open = openFiles == null ? Scan.NOTHING : openFiles.scan(context::isStopping);
      LogDirectories.Scan listed = directories.scan(context::isStopping);
      examiner.beginPass(listed.stdout());
      Map<FileId, Sighting> byId = new HashMap<>();
      List<Sighting> sightings = new ArrayList<>(open.sightings());
      // Before every process has had its turn, a file in a directory may seem to have no writer.
      if (open.processesLeftOut() == 0 || !catalog.logs().isEmpty()) {
        sightings.addAll(listed.sightings());
      }
      sightings.forEach(sighting -> byId.putIfAbsent(sighting.id(), sighting));
      for (LogFile log : catalog.logs()) {
        if (context.isStopping()) {
          return new Result(open, listed, List.of(), 0, 0);
        }
        if (!byId.containsKey(log.id())) {
          Sighting again = again(log);
          if (again != null) {
            sightings.add(again);
          }
        }
      }
      List<LogChange> changes = catalog.update(sightings, examiner);
      Set<Holding> holdings = new HashSet<>();
      sightings.forEach(sighting -> holdings.add(new Holding(sighting.id(), sighting.holder())));
      byId.values().forEach(sighting -> refine(sighting, holdings));
      Instant now = Instant.now();
      List<LogChange> through =
          gate.pass(LogFilter.of(context.settings()), changes, catalog.logs());
      through.forEach(change -> context.emit(LogEvents.of(now, change)));
      return new Result(open, listed, through, examiner.unread(), careful.silent());
    }

    /** Tells what was not known when the log was found. */
    private void refine(Sighting sighting, Set<Holding> holdings) {
      LogFile log = catalog.find(sighting.id());
      if (log == null) {
        return;
      }
      Spot.Held holder = sighting.holder();
      if (holder != null && isWithoutWriter(log, holdings)) {
        catalog.refine(log.writtenBy(examiner.writer(holder), sighting.mount()));
      }
      if (log.guess().isUnknown() && sighting.size() > 0) {
        LogFile present = catalog.find(sighting.id());
        if (present != null) {
          catalog.refine(present.guessed(examiner.guessAgain(present, sighting)));
        }
      }
    }

    /** A child that has inherited the descriptor does not take its parent's place. */
    private boolean isWithoutWriter(LogFile log, Set<Holding> holdings) {
      LogFile.Writer writer = log.writer();
      return writer == null
          || (!holdings.contains(new Holding(log.id(), writer.held()))
              && openFiles != null
              && openFiles.again(log, writer.held()) == null);
    }

    /**
     * Looks for a log that neither a process nor a directory has shown: its process may not have
     * had its turn, or has closed it. In its place there may be another file by now.
     */
    private @Nullable Sighting again(LogFile log) {
      LogFile.Writer writer = log.writer();
      if (openFiles != null && writer != null) {
        Sighting open = careful.isSilent(log.mount()) ? null : openFiles.again(log, writer.held());
        if (open != null) {
          return open;
        }
        if (careful.isSilent(log.mount())) {
          return unchanged(log);
        }
      }
      Spot spot = placeOf(log);
      if (spot == null) {
        return null;
      }
      Lane lane = writer == null ? Lane.LOCAL : mounts.lane(writer.held().pid(), log.mount());
      CarefulFiles.Look look = careful.look(spot, Sighting.UNKNOWN_MOUNT, lane);
      if (look == null) {
        return unchanged(log);
      }
      FileStatus status = look.status();
      if (status == null || status.type() != FileType.REGULAR) {
        return null;
      }
      // An overlay gives its files another device, and some another inode.
      boolean layered = spot instanceof Spot.InHost host && !host.directory().isEmpty();
      return new Sighting(
          layered ? log.id() : FileId.of(status),
          status.size(),
          log.place(),
          spot,
          Verdict.LOG,
          null,
          Sighting.UNKNOWN_MOUNT);
    }

    private static @Nullable Spot placeOf(LogFile log) {
      LogFile.Writer writer = log.writer();
      if (log.hostPath() != null) {
        return log.hostPath();
      }
      return writer == null ? null : new Spot.InProcess(writer.held().pid(), log.place().path());
    }

    /** A log is not gone because a disk is slow, or a server down. */
    private static Sighting unchanged(LogFile log) {
      return new Sighting(
          log.id(),
          log.size(),
          log.place(),
          new Spot.InHost("", log.place().path()),
          Verdict.LOG,
          null,
          log.mount());
    }
  }

  private static String summary(LogCatalog catalog, LogGate gate) {
    List<LogFile> logs = catalog.logs().stream().filter(gate::isTold).toList();
    long written = logs.stream().filter(log -> log.writer() != null).count();
    long printed = logs.stream().filter(log -> log.origin() == LogFile.Origin.CONTAINER).count();
    return logs.size()
        + (logs.size() == 1 ? " log, " : " logs, ")
        + written
        + " with a known writer, "
        + printed
        + " of what containers print"
        + (gate.excluded() == 0 ? "" : ", " + gate.excluded() + " left out");
  }

  private static String trouble(Result result) {
    return result.silent() == 0
        ? ""
        : result.silent()
            + (result.silent() == 1 ? " file system does" : " file systems do")
            + " not answer, as when a server is down. The formats of logs there are unknown.";
  }
}
