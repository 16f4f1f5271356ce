package io.smartagent.module;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.results.Result;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of a module: from its narrowed thread to its return. */
final class ModuleRun implements ModuleContext, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ModuleRun.class);

  private final SupervisedModule owner;
  private final ModuleHost host;
  private final ModuleRegistry metrics;
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile boolean stopping;

  ModuleRun(SupervisedModule owner, ModuleHost host) {
    this.owner = owner;
    this.host = host;
    this.metrics = new ModuleRegistry(host.metrics());
  }

  @Override
  public void run() {
    String failure = null;
    try {
      narrow();
      Module module = host.factory().apply(owner.plan().id());
      owner.hasStarted();
      module.run(this);
      if (!isStopping()) {
        failure = "it returned although it was not told to stop";
      }
    } catch (Throwable e) {
      failure = isStopping() ? null : describe(e);
      LOG.debug("The module {} ended with an exception.", owner.plan().id(), e);
    } finally {
      metrics.clear();
      owner.hasEnded(failure);
    }
  }

  /**
   * A thread starts with its creator's sets: capabilities(7). What this one may never use goes
   * before anything of the module is loaded.
   */
  private void narrow() throws ErrnoException {
    CapabilitySet own = owner.plan().capabilities();
    host.kernel().capabilities().set(own, own, CapabilitySet.NONE);
  }

  private static String describe(Throwable e) {
    String message = e.getMessage();
    if (e instanceof ErrnoException && message != null) {
      return message;
    }
    String name = e.getClass().getSimpleName();
    return message == null || message.isBlank() ? name : name + ": " + message;
  }

  void stop() {
    stopping = true;
    wakeUp();
  }

  /** Ends the pause that it makes, or would make next. */
  void wakeUp() {
    wakeUps.release();
  }

  @Override
  public String source() {
    @Nullable String source = owner.plan().source();
    if (source == null) {
      throw new IllegalStateException("a module without a source was started");
    }
    return source;
  }

  @Override
  public Kernel kernel() {
    return host.kernel();
  }

  @Override
  public String root() {
    return host.root();
  }

  @Override
  public ModuleSettings settings() {
    return owner.settings();
  }

  @Override
  public ContainerDirectory containers() {
    return host.containers();
  }

  @Override
  public @Nullable ClusterAccess cluster() {
    return host.cluster();
  }

  @Override
  public PrometheusRegistry metrics() {
    return metrics;
  }

  @Override
  public Results results() {
    return (name, mediaType, maximum, content) -> {
      long totalLimit = settings().get(SharedSettings.RESULTS_MEBIBYTES) * SharedSettings.MEBIBYTE;
      Result result = host.results().write(name, mediaType, maximum, totalLimit, content);
      emit(ResultEvents.written(result));
      return result;
    };
  }

  @Override
  public void emit(Event event) {
    host.events().accept(owner.plan().id(), PodAttributes.addTo(event, host.containers()));
  }

  @Override
  public void observed(String what) {
    owner.hasObserved(what);
  }

  @Override
  public void degraded(String reason) {
    owner.hasDegraded(reason);
  }

  @Override
  public boolean isStopping() {
    return stopping;
  }

  @Override
  public boolean pause(Duration time) {
    try {
      if (!stopping && wakeUps.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        wakeUps.drainPermits();
      }
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
