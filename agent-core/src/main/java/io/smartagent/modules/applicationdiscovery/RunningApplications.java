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

  /** Returns whether the process has been told as the application that it is now. */
  boolean isTold(HostProcess process) {
    Application told = running.get(process.pid());
    return told != null && Identity.of(told.process()).equals(Identity.of(process));
  }

  /** Returns whether any application of the container has been told. */
  boolean knowsContainer(String containerId) {
    return running.values().stream()
        .anyMatch(each -> Objects.equals(each.process().owner().containerId(), containerId));
  }

  /**
   * Takes a pass: all that run, and nothing else.
   *
   * @param inspector of those that are new
   */
  void pass(
      List<HostProcess> chosen,
      Function<HostProcess, Details> inspector,
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
        update(now, told, told.with(process, ports.apply(process)));
      } else {
        end(now, process.pid(), ExitStatus.UNKNOWN);
        start(now, new Application(process, inspector.apply(process), ports.apply(process)));
      }
    }
  }

  /** Takes an application that has executed its program just now. */
  void started(HostProcess process, Details details) {
    Instant now = Instant.now();
    end(now, process.pid(), ExitStatus.UNKNOWN);
    start(now, new Application(process, details, Ports.UNKNOWN));
  }

  /** Takes that a process has ended; does nothing where it was no application. */
  void ended(int pid, ExitStatus status) {
    end(Instant.now(), pid, status);
  }

  private void start(Instant now, Application application) {
    running.put(application.process().pid(), application);
    boolean history = application.process().startTicks() <= moduleStart;
    starts += history ? 0 : 1;
    sink.accept(
        history ? events.found(now, application, users) : events.started(application, users));
  }

  private void update(Instant now, Application before, Application after) {
    boolean lost = after.ports().by() == null;
    Application next = lost ? after.with(after.process(), before.ports()) : after;
    running.put(after.process().pid(), next);
    if (next.ports().differ(before.ports())) {
      sink.accept(events.portsChanged(now, next, before.ports(), users));
    }
  }

  private void end(Instant now, int pid, ExitStatus status) {
    Application application = running.remove(pid);
    if (application != null) {
      ends++;
      sink.accept(events.ended(now, application, status, users));
    }
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
