package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.Event;
import io.smartagent.modules.applicationdiscovery.Application.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which applications have been told to run, and tells what becomes of them. */
final class RunningApplications {

  /**
   * What is more than that waits for the next pass: no flood of processes becomes one of events.
   */
  private static final int NEW_IN_A_PASS = 1000;

  private final ApplicationEvents events;
  private final Consumer<Event> sink;
  private final long moduleStart;
  private final Map<Integer, Application> running = new LinkedHashMap<>();
  private UserNames users = UserNames.NONE;
  private long starts;
  private long ends;

  /**
   * @param moduleStart in hundredths of a second since boot: what started later has not been found
   */
  RunningApplications(ApplicationEvents events, Consumer<Event> sink, long moduleStart) {
    this.events = events;
    this.sink = sink;
    this.moduleStart = moduleStart;
  }

  /** Takes the host's users as they are now. */
  void know(UserNames now) {
    users = now;
  }

  /**
   * Returns what of a pass is told: the applications in it, as many new ones as a pass may have,
   * and those processes that were told before as applications. A process does not end by being seen
   * in another light.
   */
  List<HostProcess> choose(List<HostProcess> applications, List<HostProcess> processes) {
    List<HostProcess> chosen = new ArrayList<>();
    Set<Integer> pids = new HashSet<>();
    int fresh = 0;
    for (HostProcess application : applications) {
      if (isTold(application) || fresh++ < NEW_IN_A_PASS) {
        chosen.add(application);
        pids.add(application.pid());
      }
    }
    for (HostProcess process : processes) {
      if (!pids.contains(process.pid()) && isTold(process)) {
        chosen.add(process);
      }
    }
    return chosen;
  }

  /**
   * Returns whether the process has been reported as the application that it is now: it executes
   * the same program as then, whatever it shows as its command line, or has executed one that is
   * the same application.
   */
  boolean isTold(HostProcess process) {
    Application told = running.get(process.pid());
    return told != null
        && (Identity.of(told.process()).equals(Identity.of(process))
            || (told.process().startTicks() == process.startTicks()
                && told.process().image().isSameAs(process.image())));
  }

  /** Returns whether a process that has been reported has executed a program since. */
  boolean hasExecuted(HostProcess process) {
    Application told = running.get(process.pid());
    return told != null && process.hasExecutedSince(told.process());
  }

  /** Returns whether any application of the container has been told. */
  boolean knowsContainer(String containerId) {
    return running.values().stream()
        .anyMatch(each -> Objects.equals(each.process().owner().containerId(), containerId));
  }

  /**
   * Takes a pass: all that run, and nothing else.
   *
   * @param inspector of those that are new or have executed a program; null of one that executes
   *     another program already, which the next pass finds
   */
  void pass(
      List<HostProcess> chosen,
      Function<HostProcess, @Nullable Details> inspector,
      Function<HostProcess, Ports> ports) {
    Instant now = Instant.now();
    Set<Integer> found = new HashSet<>();
    chosen.forEach(process -> found.add(process.pid()));
    for (Integer pid : List.copyOf(running.keySet())) {
      if (!found.contains(pid)) {
        end(now, pid, ExitStatus.UNKNOWN);
      }
    }
    for (HostProcess process : chosen) {
      Application told = running.get(process.pid());
      if (told != null && isTold(process)) {
        stillRuns(now, told, process, inspector, ports.apply(process));
      } else {
        Application before = end(now, process.pid(), ExitStatus.UNKNOWN);
        Details details = inspector.apply(process);
        if (details != null) {
          start(now, before, new Application(process, details, ports.apply(process)));
        }
      }
    }
  }

  private void stillRuns(
      Instant now,
      Application told,
      HostProcess process,
      Function<HostProcess, @Nullable Details> inspector,
      Ports ports) {
    if (!process.hasExecutedSince(told.process())) {
      update(now, told, told.with(process, ports));
      return;
    }
    Details details = inspector.apply(process);
    if (details == null) {
      update(now, told, told.with(told.process(), ports));
    } else {
      Application next = new Application(process, details, told.ports());
      change(now, told, next);
      update(now, next, next.with(process, ports));
    }
  }

  /** Takes an application that has executed its program just now. */
  void started(HostProcess process, Details details) {
    Instant now = Instant.now();
    Application before = end(now, process.pid(), ExitStatus.UNKNOWN);
    start(now, before, new Application(process, details, Ports.UNKNOWN));
  }

  /** Takes that an application has executed its program again. */
  void executed(HostProcess process, Details details) {
    Application told = running.get(process.pid());
    if (told != null) {
      change(Instant.now(), told, new Application(process, details, told.ports()));
    }
  }

  /** Takes that a process has ended. Returns whether it was an application. */
  boolean ended(int pid, ExitStatus status) {
    return end(Instant.now(), pid, status) != null;
  }

  /**
   * @param before what the same pid was until now; null where that was no application
   */
  private void start(Instant now, @Nullable Application before, Application application) {
    HostProcess process = application.process();
    running.put(process.pid(), application);
    // A process that executes another program starts another application, but not itself.
    boolean replaces = before != null && before.process().startTicks() == process.startTicks();
    boolean history = process.startTicks() <= moduleStart && !replaces;
    starts += history ? 0 : 1;
    sink.accept(
        history
            ? events.found(now, application, users)
            : events.started(replaces ? now : process.startedAt(), application, users));
  }

  private void change(Instant now, Application before, Application after) {
    running.put(after.process().pid(), after);
    if (after.differs(before)) {
      sink.accept(events.changed(now, after, users));
    }
  }

  private void update(Instant now, Application before, Application after) {
    boolean lost = after.ports().by() == null;
    Application next = lost ? after.with(after.process(), before.ports()) : after;
    running.put(after.process().pid(), next);
    if (next.ports().differ(before.ports())) {
      sink.accept(events.portsChanged(now, next, before.ports(), users));
    }
  }

  private @Nullable Application end(Instant now, int pid, ExitStatus status) {
    Application application = running.remove(pid);
    if (application != null) {
      ends++;
      sink.accept(events.ended(now, application, status, users));
    }
    return application;
  }

  /** Returns all that run. */
  Collection<Application> all() {
    return running.values();
  }

  /** Returns how many have been told to have started. */
  long starts() {
    return starts;
  }

  /** Returns how many have been told to have ended. */
  long ends() {
    return ends;
  }
}
