package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.probe.Blocker;
import io.smartagent.results.ResultStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModuleSupervisorTest {

  private static final Setting<Duration> TIME = Setting.seconds("TIME", 1, 60, 30, "a time");

  private static final Duration HOUR = Duration.ofHours(1);
  private static final RestartPolicy AT_ONCE =
      new RestartPolicy(Duration.ofMillis(1), Duration.ofMillis(1), HOUR);
  private static final RestartPolicy NEVER_AGAIN = new RestartPolicy(HOUR, HOUR, HOUR);

  private static final Module WORKING =
      context -> {
        while (context.pause(HOUR)) {}
      };

  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private Kernel kernel = new LinuxKernel();
  private @Nullable ModuleSupervisor supervisor;

  @AfterEach
  void stop() throws InterruptedException {
    if (supervisor != null) {
      supervisor.stop(Duration.ofSeconds(5));
    }
  }

  private ModuleSupervisor supervise(
      RestartPolicy policy, Function<String, Module> factory, ModulePlan... plans) {
    ModuleHost host =
        new ModuleHost(
            factory,
            kernel,
            "",
            ModuleSettings.DEFAULTS,
            new ContainerDirectory(),
            metrics,
            (module, event) -> events.add(module + " " + event.type()),
            new ResultStore(Path.of("missing")),
            null);
    ModuleSupervisor made = new ModuleSupervisor(List.of(plans), host, policy);
    supervisor = made;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            made.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return made;
  }

  private static ModulePlan enabled(String id) {
    return new ModulePlan(
        id, ModuleState.ENABLED, "its-source", CapabilitySet.NONE, null, null, null, null);
  }

  private static ModulePlan disabled(String id) {
    return new ModulePlan(
        id,
        ModuleState.DISABLED,
        null,
        CapabilitySet.NONE,
        "CAP_SYSLOG",
        Blocker.BOUNDING,
        "nothing is seen",
        null);
  }

  private static ModuleHealth health(ModuleSupervisor of, String id) {
    return of.statuses().stream()
        .filter(status -> status.plan().id().equals(id))
        .findFirst()
        .orElseThrow()
        .health();
  }

  private static HealthState state(ModuleSupervisor of, String id) {
    return health(of, id).state();
  }

  @Test
  void keepsRunningWhenOneModuleThrows() {
    Module broken =
        context -> {
          throw new IllegalStateException("the log is on fire");
        };
    ModuleSupervisor modules =
        supervise(
            NEVER_AGAIN,
            id -> id.equals("broken") ? broken : WORKING,
            enabled("broken"),
            enabled("well"));

    await().until(() -> state(modules, "broken") == HealthState.UNHEALTHY);
    await().until(() -> state(modules, "well") == HealthState.HEALTHY);

    assertThat(health(modules, "broken").lastError())
        .isEqualTo("IllegalStateException: the log is on fire");
    assertThat(modules.allStarted()).isTrue();
  }

  @Test
  void startsAModuleThatFailedAgainAndCountsIt() {
    AtomicInteger lives = new AtomicInteger();
    Module failsTwice =
        context -> {
          if (lives.incrementAndGet() <= 2) {
            throw new NoClassDefFoundError("gone");
          }
          WORKING.run(context);
        };
    ModuleSupervisor modules = supervise(AT_ONCE, id -> failsTwice, enabled("a"));

    await().until(() -> lives.get() == 3);

    assertThat(health(modules, "a").restarts()).isEqualTo(2);
    assertThat(health(modules, "a").lastError()).isEqualTo("NoClassDefFoundError: gone");
    assertThat(state(modules, "a")).as("not yet trusted").isEqualTo(HealthState.UNHEALTHY);
  }

  @Test
  void forgetsFailuresOnceAModuleHasRunWell() {
    AtomicInteger lives = new AtomicInteger();
    Module failsOnce =
        context -> {
          if (lives.incrementAndGet() == 1) {
            throw new IllegalStateException("once");
          }
          WORKING.run(context);
        };
    RestartPolicy soonTrusted =
        new RestartPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(50));

    ModuleSupervisor modules = supervise(soonTrusted, id -> failsOnce, enabled("a"));

    await().until(() -> lives.get() == 2 && state(modules, "a") == HealthState.HEALTHY);
    assertThat(health(modules, "a").lastError()).isEqualTo("IllegalStateException: once");
  }

  @Test
  void takesAnEarlyReturnForAFailure() {
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> context -> {}, enabled("a"));

    await().until(() -> state(modules, "a") == HealthState.UNHEALTHY);

    assertThat(health(modules, "a").lastError()).contains("not told to stop");
  }

  @Test
  void takesAModuleThatCannotBeMadeForAFailure() {
    ModuleSupervisor modules =
        supervise(
            NEVER_AGAIN,
            id -> {
              throw new IllegalArgumentException("no module has the id " + id);
            },
            enabled("a"));

    await().until(() -> state(modules, "a") == HealthState.UNHEALTHY);

    assertThat(health(modules, "a").lastError()).contains("no module has the id a");
  }

  @Test
  void doesNotRunAModuleWhoseCapabilitiesItCannotGet() {
    RecordingKernel unprivileged = new RecordingKernel();
    CapabilitySet none = CapabilitySet.NONE;
    unprivileged.capabilities(new ThreadCapabilities(none, none, none, none, none));
    kernel = unprivileged;
    AtomicInteger made = new AtomicInteger();
    ModulePlan greedy =
        new ModulePlan(
            "a",
            ModuleState.ENABLED,
            "its-source",
            CapabilitySet.of(Capability.CAP_SYSLOG),
            null,
            null,
            null,
            null);

    ModuleSupervisor modules =
        supervise(
            NEVER_AGAIN,
            id -> {
              made.incrementAndGet();
              return WORKING;
            },
            greedy);

    await().until(() -> state(modules, "a") == HealthState.UNHEALTHY);
    assertThat(health(modules, "a").lastError()).startsWith("capset(").contains("EPERM");
    assertThat(made).hasValue(0);
  }

  @Test
  void startsNoDisabledModule() {
    AtomicInteger made = new AtomicInteger();
    ModuleSupervisor modules =
        supervise(
            AT_ONCE,
            id -> {
              made.incrementAndGet();
              return WORKING;
            },
            disabled("off"),
            enabled("on"));

    await().until(() -> state(modules, "on") == HealthState.HEALTHY);

    assertThat(state(modules, "off")).isEqualTo(HealthState.DISABLED);
    assertThat(modules.allStarted()).isTrue();
    assertThat(made).hasValue(1);
  }

  @Test
  void showsWhatAModuleObservesAndWhatTroublesIt() {
    CountDownLatch troubled = new CountDownLatch(1);
    CountDownLatch recover = new CountDownLatch(1);
    Module module =
        context -> {
          context.observed("12 processes");
          context.emit(Event.of(EventType.info("Found", "Found."), Instant.now()).build());
          context.degraded("/proc is unreadable");
          troubled.countDown();
          recover.await();
          context.degraded("");
          WORKING.run(context);
        };
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> module, enabled("a"));

    await().until(() -> troubled.getCount() == 0);
    assertThat(state(modules, "a")).isEqualTo(HealthState.UNHEALTHY);
    assertThat(health(modules, "a").lastError()).isEqualTo("/proc is unreadable");
    assertThat(health(modules, "a").observed()).isEqualTo("12 processes");
    assertThat(events).containsExactly("a Found");

    recover.countDown();
    await().until(() -> state(modules, "a") == HealthState.HEALTHY);
  }

  @Test
  void takesAModulesMetricsOutWhenItEnds() {
    CountDownLatch end = new CountDownLatch(1);
    Module module =
        context -> {
          Counter.builder().name("found").help("What was found.").register(context.metrics());
          end.await();
        };
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> module, enabled("a"));
    await().until(() -> metrics.scrape().size() == 1);

    end.countDown();

    await().until(() -> state(modules, "a") == HealthState.UNHEALTHY);
    assertThat(metrics.scrape().size()).isZero();
  }

  @Test
  void letsAModuleRegisterTheSameMetricInItsNextLife() {
    AtomicInteger lives = new AtomicInteger();
    Module module =
        context -> {
          Counter.builder().name("found").help("What was found.").register(context.metrics());
          if (lives.incrementAndGet() == 1) {
            throw new IllegalStateException("once");
          }
          WORKING.run(context);
        };

    supervise(AT_ONCE, id -> module, enabled("a"));

    await().until(() -> lives.get() == 2 && metrics.scrape().size() == 1);
  }

  @Test
  void leavesAMetricOutThatCannotBeRead() {
    Module module =
        context -> {
          GaugeWithCallback.builder()
              .name("broken")
              .help("Never there.")
              .callback(callback -> {
                throw new IllegalStateException("no value");
              })
              .register(context.metrics());
          Counter.builder().name("found").help("What was found.").register(context.metrics());
          WORKING.run(context);
        };

    supervise(NEVER_AGAIN, id -> module, enabled("a"));

    await().until(() -> metrics.scrape().size() == 1);
    assertThat(metrics.scrape().get(0).getMetadata().getName()).isEqualTo("found");
  }

  @Test
  void tellsModulesToStop() throws InterruptedException {
    ModuleSupervisor modules = supervise(AT_ONCE, id -> WORKING, enabled("a"), enabled("b"));
    await().until(modules::allStarted);

    assertThat(modules.stop(Duration.ofSeconds(10))).isTrue();

    assertThat(modules.statuses())
        .allSatisfy(status -> assertThat(status.health().state()).isEqualTo(HealthState.STOPPED));
  }

  @Test
  void interruptsAModuleThatDoesNotStop() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    ModuleSupervisor modules = supervise(AT_ONCE, id -> context -> never.await(), enabled("a"));
    await().until(modules::allStarted);

    assertThat(modules.stop(Duration.ofSeconds(2))).isTrue();
    assertThat(health(modules, "a").lastError()).isNull();
  }

  @Test
  void doesNotWaitForeverForAModuleThatNothingStops() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Module deaf =
        context -> {
          while (end.getCount() > 0) {
            Thread.onSpinWait();
          }
        };
    ModuleSupervisor modules = supervise(AT_ONCE, id -> deaf, enabled("a"));
    await().until(modules::allStarted);

    try {
      assertThat(modules.stop(Duration.ofMillis(20))).isFalse();
    } finally {
      end.countDown();
    }
  }

  @Test
  void startsNothingThatWasRefused() {
    ModuleHost host =
        new ModuleHost(
            id -> WORKING,
            new LinuxKernel(),
            "",
            ModuleSettings.DEFAULTS,
            new ContainerDirectory(),
            metrics,
            (module, event) -> {},
            new ResultStore(Path.of("missing")),
            null);
    ModuleSupervisor modules =
        new ModuleSupervisor(List.of(enabled("a"), disabled("off")), host, AT_ONCE);

    modules.refuse("Attestation failed.");

    assertThat(state(modules, "a")).isEqualTo(HealthState.STOPPED);
    assertThat(health(modules, "a").lastError()).isEqualTo("Attestation failed.");
    assertThat(state(modules, "off")).isEqualTo(HealthState.DISABLED);
    assertThat(modules.allStarted()).isFalse();
  }

  private static ModuleChange change(
      Duration time, Set<String> affected, Map<String, String> leftOut) {
    return new ModuleChange(ModuleSettings.DEFAULTS.with(TIME, time), affected, Set.of(), leftOut);
  }

  /** What each life of a module was given. */
  private static final class Lives {

    private final Map<String, List<Duration>> all = new ConcurrentHashMap<>();

    List<Duration> of(String id) {
      return all.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>());
    }

    Module module(String id) {
      return context -> {
        of(id).add(context.settings().get(TIME));
        WORKING.run(context);
      };
    }
  }

  @Test
  void startsOnlyTheModulesAnewThatUseWhatHasChanged() {
    Lives lives = new Lives();
    ModuleSupervisor modules =
        supervise(NEVER_AGAIN, lives::module, enabled("uses"), enabled("not"));
    await().until(() -> lives.of("uses").size() + lives.of("not").size() == 2);

    modules.configure(change(Duration.ofSeconds(5), Set.of("uses"), Map.of()));

    await().until(() -> lives.of("uses").size() == 2);
    await().until(() -> state(modules, "uses") == HealthState.HEALTHY);
    assertThat(lives.of("uses").getLast()).isEqualTo(Duration.ofSeconds(5));
    assertThat(lives.of("not")).hasSize(1);
    assertThat(health(modules, "uses").restarts()).as("it did not fail").isZero();
    assertThat(health(modules, "uses").lastError()).isNull();
    assertThat(modules.allStarted()).isTrue();
  }

  @Test
  void wakesUpTheModulesThatFollowWhatHasChangedAndStartsThemNotAnew() {
    AtomicInteger lives = new AtomicInteger();
    List<Duration> passes = Collections.synchronizedList(new ArrayList<>());
    Module follows =
        context -> {
          lives.incrementAndGet();
          do {
            passes.add(context.settings().get(TIME));
          } while (context.pause(HOUR));
        };
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> follows, enabled("a"), enabled("b"));
    await().until(() -> passes.size() == 2);

    modules.configure(
        new ModuleChange(
            change(Duration.ofSeconds(5), Set.of(), Map.of()).settings(),
            Set.of(),
            Set.of("a"),
            Map.of()));

    await().until(() -> passes.size() == 3);
    assertThat(passes.getLast()).isEqualTo(Duration.ofSeconds(5));
    assertThat(lives).hasValue(2);
  }

  @Test
  void givesWhatHasChangedToAModuleThatStartsLater() {
    Lives lives = new Lives();
    ModuleSupervisor modules = supervise(AT_ONCE, lives::module, enabled("a"));
    await().until(() -> lives.of("a").size() == 1);
    modules.configure(change(Duration.ofSeconds(5), Set.of(), Map.of()));
    modules.configure(change(Duration.ofSeconds(5), Set.of("a"), Map.of()));

    await().until(() -> lives.of("a").size() == 2);
    assertThat(lives.of("a").getLast()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void startsAModuleAtOnceThatWaitedAfterAFailure() {
    AtomicInteger lives = new AtomicInteger();
    Module failsOnce =
        context -> {
          if (lives.incrementAndGet() == 1) {
            throw new IllegalStateException("wrong setting");
          }
          WORKING.run(context);
        };
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> failsOnce, enabled("a"));
    await().until(() -> state(modules, "a") == HealthState.UNHEALTHY);

    modules.configure(change(Duration.ofSeconds(5), Set.of("a"), Map.of()));

    await().until(() -> state(modules, "a") == HealthState.HEALTHY);
  }

  @Test
  void switchesAModuleOffAndOnWhileTheOthersGoOn() {
    Lives lives = new Lives();
    ModuleSupervisor modules = supervise(NEVER_AGAIN, lives::module, enabled("a"), enabled("b"));
    await().until(() -> lives.of("a").size() + lives.of("b").size() == 2);

    modules.configure(change(Duration.ofSeconds(5), Set.of(), Map.of("a", "left out by X")));

    assertThat(state(modules, "a")).isEqualTo(HealthState.DISABLED);
    ModulePlan shown = modules.statuses().getFirst().plan();
    assertThat(shown.state()).isEqualTo(ModuleState.DISABLED);
    assertThat(shown.effect()).isEqualTo("left out by X");
    assertThat(shown.source()).isNull();
    assertThat(modules.allStarted()).isTrue();
    await().until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(isNamed("a")));

    modules.configure(change(Duration.ofSeconds(5), Set.of(), Map.of()));

    await().until(() -> state(modules, "a") == HealthState.HEALTHY);
    assertThat(lives.of("a")).hasSize(2);
    assertThat(lives.of("b")).hasSize(1);
  }

  private static Predicate<Thread> isNamed(String name) {
    return thread -> thread.getName().equals(name);
  }

  @Test
  void neverSwitchesOnWhatWasNotLaunched() {
    Lives lives = new Lives();
    ModuleSupervisor modules = supervise(NEVER_AGAIN, lives::module, disabled("a"), enabled("b"));
    await().until(() -> lives.of("b").size() == 1);

    modules.configure(change(Duration.ofSeconds(5), Set.of("a", "b"), Map.of()));

    await().until(() -> lives.of("b").size() == 2);
    assertThat(lives.of("a")).isEmpty();
    assertThat(modules.statuses().getFirst().plan()).isEqualTo(disabled("a"));
  }

  @Test
  void startsNothingAnewThatWasRefused() {
    Lives lives = new Lives();
    ModuleSupervisor modules = supervise(NEVER_AGAIN, lives::module, enabled("a"));
    await().until(() -> lives.of("a").size() == 1);
    modules.refuse("attestation failed");

    modules.configure(change(Duration.ofSeconds(5), Set.of("a"), Map.of()));

    assertThat(state(modules, "a")).isEqualTo(HealthState.STOPPED);
    assertThat(lives.of("a")).hasSize(1);
  }

  @Test
  void wakesUpAModuleThatDoesNotEnd() {
    AtomicInteger lives = new AtomicInteger();
    Module waits =
        context -> {
          if (lives.incrementAndGet() == 1) {
            new CountDownLatch(1).await();
          }
          WORKING.run(context);
        };
    ModuleSupervisor modules = supervise(NEVER_AGAIN, id -> waits, enabled("a"));
    await().until(() -> state(modules, "a") == HealthState.HEALTHY);

    modules.configure(change(Duration.ofSeconds(5), Set.of("a"), Map.of()));

    await().atMost(Duration.ofSeconds(20)).until(() -> lives.get() == 2);
    await().until(() -> state(modules, "a") == HealthState.HEALTHY);
  }
}
