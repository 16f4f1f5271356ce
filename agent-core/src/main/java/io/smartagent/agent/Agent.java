package io.smartagent.agent;

import io.prometheus.metrics.core.util.Scheduler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.SettingValue;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.livesettings.LiveSettings.Listener;
import io.smartagent.livesettings.SettingsWatch;
import io.smartagent.module.ContainerDirectory;
import io.smartagent.module.EventSink;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleHost;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleSupervisor;
import io.smartagent.module.RestartPolicy;
import io.smartagent.results.ResultStore;
import io.smartagent.telemetry.AgentMetrics;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.EventStream;
import io.smartagent.telemetry.LogConfigurator;
import io.smartagent.telemetry.StatusReport;
import io.smartagent.telemetry.StatusServer;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent. After execve each of the JVM's threads has every capability that was kept. The first
 * thing that happens is that one thread, the supervisor, takes them from all the others; it alone
 * can then make a module's thread, and that thread keeps what its module needs.
 */
final class Agent {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private static final long STACK_SIZE = 512 * 1024;

  /** The parts of the time in which a signal ends the agent: together less than 1.5 seconds. */
  private static final Duration MODULES_END_WITHIN = Duration.ofMillis(400);

  private static final Duration EVENTS_END_WITHIN = Duration.ofMillis(400);

  /** Beside the others; usually it has ended before them. */
  private static final Duration CLUSTER_ENDS_WITHIN = Duration.ofMillis(600);

  private final LaunchRecord record;
  private final Instant startedAt;
  private final Supplier<Kernel> kernels;
  private final List<ModuleDefinition> definitions;
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final ResultStore results;
  private final boolean inWords;
  private final EventStream events;
  private final @Nullable ClusterServices cluster;
  private final CountDownLatch confined = new CountDownLatch(1);

  private volatile @Nullable AttestationReport attestation;
  private volatile @Nullable DriftGuard guard;
  private volatile @Nullable ModuleSupervisor supervisor;
  private volatile @Nullable SettingsWatch settings;
  private volatile List<Integer> groups = List.of();

  /**
   * @param kernels gives the kernel; called once, on the supervisor's thread
   * @param definitions of the modules that are built
   * @param stdout where events go
   */
  Agent(
      LaunchRecord record,
      Instant startedAt,
      Supplier<Kernel> kernels,
      List<ModuleDefinition> definitions,
      OutputStream stdout) {
    this.record = record;
    this.startedAt = startedAt;
    this.kernels = kernels;
    this.definitions = definitions;
    this.results = new ResultStore(Path.of(record.node().runtimeDirectory()));
    this.inWords = SettingValue.valueIn(record.settings(), Option.EVENTS).equals("text");
    this.events = inWords ? EventStream.inWords(stdout) : new EventStream(stdout);
    this.cluster = cluster(record);
  }

  private @Nullable ClusterServices cluster(LaunchRecord launch) {
    ClusterAccess access = launch.node().cluster();
    return access == null
        ? null
        : new ClusterServices(
            access,
            launch.node().name(),
            launch.reports(),
            events,
            () -> report(launch.decisions().warnings()));
  }

  private EventSink sink() {
    return cluster == null ? events : cluster;
  }

  PrometheusRegistry metrics() {
    return metrics;
  }

  ResultStore results() {
    return results;
  }

  /**
   * Starts the agent and returns; its threads go on.
   *
   * @param openAtStart what was open before the agent opened anything
   * @param server bound, not started
   */
  void start(OpenDescriptors openAtStart, StatusServer server) throws InterruptedException {
    tellStory(server);
    // The library makes this thread when it first needs it, on a module's thread: with its
    // capabilities.
    Scheduler.awaitInitialization();
    Thread.ofPlatform()
        .name("supervisor")
        .stackSize(STACK_SIZE)
        .inheritInheritableThreadLocals(false)
        .start(() -> supervise(openAtStart));
    AgentMetrics.register(metrics, this::report, events);
    // A thread that is started before would have to be caught in the act of being created.
    confined.await();
    guardMounts();
    followSettings();
    events.start();
    server.start();
    startCluster();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
    OrphanReaper.startIfInit();
  }

  private void supervise(OpenDescriptors openAtStart) {
    try {
      Kernel kernel = kernels.get();
      RuntimeInUse.tell(kernel);
      Check threads = takeCapabilitiesFromOtherThreads(kernel);
      groups = kernel.credentials().supplementaryGroups().stream().sorted().toList();
      SettingsWatch watch = watchSettings(kernel);
      ModuleHost host =
          new ModuleHost(
              this::create,
              kernel,
              "",
              watch.settings().modules(),
              new ContainerDirectory(),
              metrics,
              sink(),
              results,
              record.node().cluster());
      ModuleSupervisor modules =
          new ModuleSupervisor(record.decisions().modules(), host, RestartPolicy.STANDARD);
      supervisor = modules;
      watch.settings().listen(new Listener(modules::configure, LogConfigurator::setLevel));
      settings = watch;
      if (DriftGuard.isNeeded(record)) {
        guard = new DriftGuard(kernel.mounts(), record, sink());
      }
      confined.countDown();
      attest(kernel, openAtStart, threads, modules);
      modules.run();
    } catch (InterruptedException e) {
      LOG.debug("The supervisor was interrupted.", e);
    } catch (ErrnoException | RuntimeException | Error e) {
      LOG.error("The agent ends, for modules cannot be started any more: {}.", e.toString());
      LOG.debug("The exception was:", e);
      System.exit(ExitStatus.INTERNAL.code());
    } finally {
      confined.countDown();
    }
  }

  private Module create(String id) {
    return definitions.stream()
        .filter(module -> module.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no module has the id " + id))
        .create();
  }

  /** The first look is the supervisor's, which has no capability in effect by now. */
  private SettingsWatch watchSettings(Kernel kernel) {
    return SettingsWatch.of(
        new SettingsWatch.Launch(
            record.settings(),
            record.decisions().modules(),
            record.node().runtimeDirectory(),
            record.node().cluster()),
        definitions,
        kernel.filesystem(),
        sink());
  }

  /** By a thread that has no capability, so that the one that follows them has none either. */
  private void followSettings() {
    SettingsWatch watch = settings;
    if (watch != null) {
      watch.start();
    }
  }

  /** By a thread that has no capability, so that the guard has none either. */
  private void guardMounts() {
    DriftGuard needed = guard;
    if (needed != null) {
      AgentMetrics.registerDrift(metrics, needed::openMounts);
      needed.start();
    }
  }

  /** By a thread that has no capability, so that its threads have none either. */
  private void startCluster() {
    if (cluster != null) {
      AgentMetrics.registerCluster(metrics, cluster::counts);
      cluster.start();
    }
  }

  private Check takeCapabilitiesFromOtherThreads(Kernel kernel) {
    String name = "other-threads";
    try {
      CapabilitySet kept =
          kernel.capabilities().read().permitted().intersect(record.privileges().kept());
      kernel.capabilities().set(CapabilitySet.NONE, kept, kept);
      kernel.capabilities().takeFromEveryOtherThread();
      return new Check(name, true, "no thread but a module's own has a capability");
    } catch (ErrnoException e) {
      return new Check(name, false, "capabilities could not be taken from all: " + e.getMessage());
    }
  }

  private void attest(
      Kernel kernel, OpenDescriptors openAtStart, Check threads, ModuleSupervisor modules)
      throws InterruptedException {
    AttestationReport report =
        new Attestation(kernel, record, openAtStart, StrayDescriptors.ofThisRuntime())
            .attest(threads);
    if (report.passed()) {
      LOG.info("Attestation passed: {} checks.", report.checks().size());
    } else {
      for (Check failure : report.failures()) {
        LOG.error("Attestation failed: {}: {}.", failure.name(), failure.detail());
      }
      LOG.error("No module is started, and the agent is not ready.");
      modules.refuse("Attestation failed, so it was not started.");
    }
    attestation = report;
  }

  /** Returns what the agent says of itself now. */
  StatusReport report() {
    List<String> warnings = new ArrayList<>(record.decisions().warnings());
    if (cluster != null) {
      warnings.addAll(cluster.warnings());
    }
    return report(warnings);
  }

  private StatusReport report(List<String> warnings) {
    ModuleSupervisor modules = supervisor;
    AttestationReport attested = attestation;
    DriftGuard guarding = guard;
    SettingsWatch watch = settings;
    return new StatusReport(
        record.version(),
        record.node().name(),
        startedAt,
        record.root().mode(),
        record.root().seal(),
        new StatusReport.User(
            record.user().name(),
            record.user().uid(),
            record.user().gid(),
            groups,
            record.user().isRoot()),
        record.privileges().kept(),
        record.privileges().dropped(),
        modules == null ? List.of() : modules.statuses(),
        attested == null || guarding == null ? attested : guarding.amend(attested),
        warnings,
        modules != null && modules.allStarted(),
        watch == null ? ConfigurationReport.UNKNOWN : watch.settings().report());
  }

  private void tellStory(StatusServer server) {
    if (inWords) {
      LogConfigurator.writeForPeople();
    } else {
      logPlan();
    }
    LOG.info(
        inWords ? "Status page: http://{}:{}/" : "Status: http://{}:{}/",
        server.address().getHostString(),
        Integer.toString(server.address().getPort()));
  }

  /** Not where events are in words: the launcher has printed the plan on the same terminal. */
  private void logPlan() {
    LOG.info(
        "SmartAgent {} runs as user {} ({}:{}) in mode {}{}.",
        record.version(),
        record.user().name(),
        Integer.toUnsignedString(record.user().uid()),
        Integer.toUnsignedString(record.user().gid()),
        record.root().mode(),
        record.node().name().isEmpty() ? "" : " on node " + record.node().name());
    LOG.info(seal(record));
    LOG.info(
        "Capabilities kept: {}; given up: {}.",
        record.privileges().kept(),
        record.privileges().dropped());
    for (ModulePlan module : record.decisions().modules()) {
      LOG.info("Module {}", describe(module));
    }
  }

  private static String seal(LaunchRecord record) {
    String writable =
        record.root().writable().isEmpty()
            ? "nothing"
            : String.join(", ", record.root().writable());
    return switch (record.root().seal()) {
      case Attestation.BY_REMOUNT -> "The host is read-only but for " + writable + ".";
      case Attestation.BY_LANDLOCK ->
          "Landlock keeps the agent from writing to anything of the host but " + writable + ".";
      case Attestation.BY_MOUNTS ->
          "The host is as read-only as its mounts are: "
              + (record.root().openMounts().size() + record.root().openMountsUnlisted())
              + " of them can be written to.";
      default -> "The host is not sealed.";
    };
  }

  private static String describe(ModulePlan module) {
    return switch (module.state()) {
      case ENABLED -> module.id() + " is enabled, from " + module.source() + ".";
      case DEGRADED ->
          module.id() + " is degraded, from " + module.source() + ": " + module.effect() + ".";
      case DISABLED ->
          module.id()
              + " is disabled"
              + (module.missing() == null ? "" : ", for lack of " + module.missing())
              + (module.effect() == null ? "" : ": " + module.effect())
              + ".";
    };
  }

  private void stop(StatusServer server) {
    try {
      LOG.info("The agent ends.");
      if (cluster != null) {
        cluster.stop();
      }
      ModuleSupervisor modules = supervisor;
      if (modules != null && !modules.stop(MODULES_END_WITHIN)) {
        LOG.warn("Not every module ended in time.");
      }
      if (!events.close(EVENTS_END_WITHIN)) {
        LOG.warn("Not every event could be written.");
      }
      if (cluster != null) {
        cluster.awaitEnd(CLUSTER_ENDS_WITHIN);
      }
      server.stop();
    } catch (InterruptedException e) {
      LOG.debug("Ending was interrupted.", e);
    }
  }
}
