package io.smartagent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.smartagent.kernel.Kernel;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ContainerDirectory;
import io.smartagent.module.Event;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Results;
import io.smartagent.results.ResultStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Runs a module on the calling thread: each of its pauses runs the next thing that a test does to
 * its world, and after the last one the module has to stop. Nothing waits for time to pass.
 */
public final class TestModuleContext implements ModuleContext {

  /** Something that happens to the module's world while it pauses. */
  @FunctionalInterface
  public interface Happening {
    void happen() throws Exception;
  }

  /** Modules whose paths have not been compared with what their tests open. */
  private static final List<String> NOT_HELD_TO_PATHS =
      List.of("application-discovery", "container-metrics", "kubernetes-attributes");

  private final String source;
  private final Kernel kernel;
  private Kernel seen;
  private final String root;
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Queue<Happening> happenings = new ArrayDeque<>();
  private final ContainerDirectory containers = new ContainerDirectory();
  private ModuleTelemetry telemetry = new ModuleTelemetry(List.of(), List.of());
  private ModuleSettings settings = ModuleSettings.DEFAULTS;
  private @Nullable ClusterAccess cluster;
  private volatile String observed = "";
  private volatile String degraded = "";
  private volatile boolean stopping;

  public TestModuleContext(String source, Kernel kernel, String root) {
    this.source = source;
    this.kernel = kernel;
    this.seen = kernel;
    this.root = root;
  }

  /** Gives the module these settings. */
  public TestModuleContext with(ModuleSettings other) {
    settings = other;
    return this;
  }

  /** Lets the module reach this cluster. */
  public TestModuleContext with(ClusterAccess access) {
    cluster = access;
    return this;
  }

  /** Adds what happens during the module's next pause. */
  public TestModuleContext then(Happening happening) {
    happenings.add(happening);
    return this;
  }

  /** Runs the module until everything has happened, and holds it to its documentation. */
  public TestModuleContext run(Module module) throws Exception {
    Optional<ModuleDefinition> definition = Documented.definition(module);
    if (definition.isPresent()) {
      return run(definition.get(), module);
    }
    module.run(this);
    Documented.check(telemetry, events);
    return this;
  }

  /** Runs a new module as {@link #run(Module)} does, and holds it to its definition. */
  public TestModuleContext run(ModuleDefinition definition) throws Exception {
    return run(definition, definition.create());
  }

  private TestModuleContext run(ModuleDefinition definition, Module module) throws Exception {
    telemetry = definition.telemetry();
    GuardedKernel guarded =
        new GuardedKernel(kernel, root, Documented.access(definition, source, settings));
    seen = guarded.kernel();
    module.run(this);
    Documented.check(telemetry, events);
    if (NOT_HELD_TO_PATHS.contains(definition.id())) {
      return this;
    }
    assertThat(guarded.violations())
        .as("opened by %s and not among what source %s needs", definition.id(), source)
        .isEmpty();
    return this;
  }

  public List<Event> events() {
    return events;
  }

  public String lastObserved() {
    return observed;
  }

  public String lastDegraded() {
    return degraded;
  }

  /** Returns a metric's value for these label values, in the order of the labels; null without. */
  public @Nullable Double value(String name, String... labelValues) {
    for (MetricSnapshot snapshot : metrics.scrape()) {
      if (snapshot.getMetadata().getPrometheusName().equals(name.replaceFirst("_total$", ""))) {
        for (DataPointSnapshot point : snapshot.getDataPoints()) {
          List<String> values = point.getLabels().stream().map(label -> label.getValue()).toList();
          if (values.equals(List.of(labelValues))) {
            if (point instanceof CounterSnapshot.CounterDataPointSnapshot counter) {
              return counter.getValue();
            }
            if (point instanceof GaugeSnapshot.GaugeDataPointSnapshot gauge) {
              return gauge.getValue();
            }
          }
        }
      }
    }
    return null;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public Kernel kernel() {
    return seen;
  }

  @Override
  public String root() {
    return root;
  }

  @Override
  public ModuleSettings settings() {
    return settings;
  }

  @Override
  public ContainerDirectory containers() {
    return containers;
  }

  @Override
  public @Nullable ClusterAccess cluster() {
    return cluster;
  }

  @Override
  public PrometheusRegistry metrics() {
    return metrics;
  }

  @Override
  public Results results() {
    return (name, mediaType, maximum, content) ->
        new ResultStore(Path.of(root)).write(name, mediaType, maximum, Long.MAX_VALUE, content);
  }

  @Override
  public void emit(Event event) {
    events.add(event);
  }

  @Override
  public void observed(String what) {
    observed = what;
  }

  @Override
  public void degraded(String reason) {
    degraded = reason;
  }

  @Override
  public boolean isStopping() {
    return stopping;
  }

  @Override
  public boolean pause(Duration time) {
    Happening next = happenings.poll();
    if (next == null) {
      Documented.check(telemetry, metrics);
      stopping = true;
      return false;
    }
    try {
      next.happen();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return true;
  }
}
