package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of {@code application-discovery}. All of a type have the same attributes always;
 * what is unknown is null.
 */
final class ApplicationEvents {

  static final EventType FOUND =
      EventType.info(
              "ApplicationFound",
              "An application ran already when the module started; the time is that of the"
                  + " finding. `version` is that of the product, or of the application that a"
                  + " runtime runs, `languageVersion` that of the runtime or compiler; their"
                  + " sources are `executable`, `release`, `manifest`, `package.json`,"
                  + " `dotnet.json`, `jarName`, `environment`, `path`, `commandLine` and"
                  + " `packageDatabase`. `entryPoint` is the main class, archive, module, script"
                  + " or main package. `user` is the name of `uid` on the host; in a container"
                  + " it is null but for root. `ports` are at most 64, and null where they"
                  + " are not known; `portsBy` is `descriptors` where the application holds the"
                  + " sockets, `namespace` where it is the only one in a container's network."
                  + " Secrets in `commandLine` are `***`.")
          .shownAs("Application found", "application", "pid", "ports");

  static final EventType STARTED =
      EventType.info(
              "ApplicationStarted",
              "An application has started; the time is that of the start, or, where its process"
                  + " was another application before, that of the finding. From `proc-events`"
                  + " it comes at once, when the ports are not known yet.")
          .shownAs("Application started", "application", "pid", "ports");

  static final EventType CHANGED =
      EventType.info(
              "ApplicationChanged",
              "An application has executed its program again, as when it restarts itself, and"
                  + " another command line, executable, user or version replaces what was"
                  + " reported. With another product, language or entry point it is another"
                  + " application: `ApplicationEnded` and `ApplicationStarted`.")
          .shownAs("Application changed", "application", "pid", "ports");

  static final EventType PORTS_CHANGED =
      EventType.info(
              "ApplicationPortsChanged",
              "An application listens on other ports than before: `opened` and `closed`. Ports of"
                  + " UDP from 32768 are reported with others, but are no event by themselves.")
          .shownAs("Ports changed", "application", "pid", "opened", "closed");

  static final EventType ENDED =
      EventType.info(
              "ApplicationEnded",
              "An application has ended, or executes another program. `exitCode` and `signal`"
                  + " are known from `proc-events` only; of the others the time is that of the"
                  + " pass that did not find it any more.")
          .shownAs("Application ended", "application", "pid", "exitCode", "signal");

  static final EventType VANISHED =
      EventType.info(
              "ProcessVanished",
              "A process executed a program and had ended before it could be looked at. What is"
                  + " known is reported: its name where it still waited for its parent, and the"
                  + " parent's container. Thirty a minute in the long run at most, thirty at"
                  + " once; `smartagent_process_executions_missed_total` counts them all.")
          .shownAs("Process vanished", "name", "pid", "exitCode", "signal");

  private final Function<CgroupOwner, EventOwner> owners;

  /**
   * @param containers that the agent knows
   */
  ApplicationEvents(Containers containers) {
    this(owner -> ContainerAttributes.of(owner, containers.identify(owner)));
  }

  /**
   * @param owners returns what is known of the container of a control group
   */
  ApplicationEvents(Function<CgroupOwner, EventOwner> owners) {
    this.owners = owners;
  }

  /** Returns the event of an application that ran when the module started. */
  Event found(Instant now, Application application, UserNames users) {
    return event(FOUND, now, application, users).build();
  }

  /** Returns the event of an application that has started, at this time. */
  Event started(Instant start, Application application, UserNames users) {
    return event(STARTED, start, application, users).build();
  }

  /** Returns the event of an application that has executed its program again, in another way. */
  Event changed(Instant now, Application application, UserNames users) {
    return event(CHANGED, now, application, users).build();
  }

  /**
   * Returns the event of an application that listens elsewhere.
   *
   * @param before the ports that it had
   */
  Event portsChanged(Instant now, Application application, Ports before, UserNames users) {
    return event(PORTS_CHANGED, now, application, users)
        .put("opened", Ports.attributes(application.ports().without(before)))
        .put("closed", Ports.attributes(before.without(application.ports())))
        .build();
  }

  /** Returns the event of an application that has ended. */
  Event ended(Instant now, Application application, ExitStatus status, UserNames users) {
    return event(ENDED, now, application, users)
        .put("exitCode", status.exitCode())
        .put("signal", status.signal())
        .build();
  }

  /**
   * Returns the event of a process that ended before it could be looked at.
   *
   * @param owner the container of its parent
   */
  Event vanished(Instant now, VanishedProcess process, ExitStatus status, CgroupOwner owner) {
    Software software = process.software();
    Language language = software == null ? null : software.language();
    return Event.of(VANISHED, now)
        .put("pid", process.pid())
        .put("parentPid", process.parent())
        .put("name", software == null ? null : software.name())
        .put("product", software == null ? null : software.product())
        .put("language", language == null ? null : language.id())
        .put("exitCode", status.exitCode())
        .put("signal", status.signal())
        .owner(owners.apply(owner))
        .build();
  }

  private Event.Builder event(
      EventType type, Instant time, Application application, UserNames users) {
    HostProcess process = application.process();
    Details details = application.details();
    Software software = details.software();
    Language language = software.language();
    Version version = details.version();
    Version languageVersion = details.languageVersion();
    Ports ports = application.ports();
    Ports.By by = ports.by();
    return Event.of(type, time)
        .put("pid", process.pid())
        .put("startedAt", process.startedAt().toString())
        .put("name", software.name())
        .put("product", software.product())
        .put("version", version == null ? null : version.text())
        .put("versionSource", version == null ? null : version.origin().id())
        .put("language", language == null ? null : language.id())
        .put("languageVersion", languageVersion == null ? null : languageVersion.text())
        .put(
            "languageVersionSource", languageVersion == null ? null : languageVersion.origin().id())
        .put("entryPoint", software.entryPoint())
        .put("executable", process.executable())
        .put("executableDeleted", process.executableDeleted())
        .put("commandLine", process.commandLine())
        .put("uid", process.uid())
        .put("user", user(process, users))
        .put("ports", ports.attributes())
        .put("portsBy", by == null ? null : by.id())
        .owner(owners.apply(process.owner()));
  }

  private static @Nullable String user(HostProcess application, UserNames users) {
    Long uid = application.uid();
    if (uid == null) {
      return null;
    }
    if (application.owner().containerId() != null) {
      return uid == 0 ? "root" : null;
    }
    return users.name(uid);
  }
}
