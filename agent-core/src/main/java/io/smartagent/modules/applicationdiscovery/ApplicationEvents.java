package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.Event;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of {@code application-discovery}: {@link ApplicationDiscoveryTelemetry} says
 * what they mean. All of a type have the same attributes always; what is unknown is null.
 */
final class ApplicationEvents {

  static final String FOUND = "ApplicationFound";
  static final String STARTED = "ApplicationStarted";
  static final String CHANGED = "ApplicationChanged";
  static final String PORTS_CHANGED = "ApplicationPortsChanged";
  static final String ENDED = "ApplicationEnded";
  static final String VANISHED = "ProcessVanished";

  private final Containers containers;

  /**
   * @param containers that the agent knows
   */
  ApplicationEvents(Containers containers) {
    this.containers = containers;
  }

  /** Returns the event of an application that ran when the module started. */
  Event found(Instant now, Application application, UserNames users) {
    return new Event(now, FOUND, attributes(application, users));
  }

  /** Returns the event of an application that has started, at this time. */
  Event started(Instant start, Application application, UserNames users) {
    return new Event(start, STARTED, attributes(application, users));
  }

  /** Returns the event of an application that has executed its program again, in another way. */
  Event changed(Instant now, Application application, UserNames users) {
    return new Event(now, CHANGED, attributes(application, users));
  }

  /**
   * Returns the event of an application that listens elsewhere.
   *
   * @param before the ports that it had
   */
  Event portsChanged(Instant now, Application application, Ports before, UserNames users) {
    Map<String, @Nullable Object> attributes = attributes(application, users);
    attributes.put("opened", Ports.attributes(application.ports().without(before)));
    attributes.put("closed", Ports.attributes(before.without(application.ports())));
    return new Event(now, PORTS_CHANGED, attributes);
  }

  /** Returns the event of an application that has ended. */
  Event ended(Instant now, Application application, ExitStatus status, UserNames users) {
    Map<String, @Nullable Object> attributes = attributes(application, users);
    attributes.put("exitCode", status.exitCode());
    attributes.put("signal", status.signal());
    return new Event(now, ENDED, attributes);
  }

  /**
   * Returns the event of a process that ended before it could be looked at.
   *
   * @param owner the container of its parent
   */
  Event vanished(Instant now, VanishedProcess process, ExitStatus status, CgroupOwner owner) {
    Software software = process.software();
    Language language = software == null ? null : software.language();
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("pid", process.pid());
    attributes.put("parentPid", process.parent());
    attributes.put("name", software == null ? null : software.name());
    attributes.put("product", software == null ? null : software.product());
    attributes.put("language", language == null ? null : language.id());
    attributes.put("exitCode", status.exitCode());
    attributes.put("signal", status.signal());
    ContainerAttributes.put(attributes, owner, containers.identify(owner));
    return new Event(now, VANISHED, attributes);
  }

  private Map<String, @Nullable Object> attributes(Application application, UserNames users) {
    HostProcess process = application.process();
    Details details = application.details();
    Software software = details.software();
    Language language = software.language();
    Version version = details.version();
    Version languageVersion = details.languageVersion();
    Ports ports = application.ports();
    Ports.By by = ports.by();
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("pid", process.pid());
    attributes.put("startedAt", process.startedAt().toString());
    attributes.put("name", software.name());
    attributes.put("product", software.product());
    attributes.put("version", version == null ? null : version.text());
    attributes.put("versionSource", version == null ? null : version.origin().id());
    attributes.put("language", language == null ? null : language.id());
    attributes.put("languageVersion", languageVersion == null ? null : languageVersion.text());
    attributes.put(
        "languageVersionSource", languageVersion == null ? null : languageVersion.origin().id());
    attributes.put("entryPoint", software.entryPoint());
    attributes.put("executable", process.executable());
    attributes.put("executableDeleted", process.executableDeleted());
    attributes.put("commandLine", process.commandLine());
    attributes.put("uid", process.uid());
    attributes.put("user", user(process, users));
    attributes.put("ports", ports.attributes());
    attributes.put("portsBy", by == null ? null : by.id());
    ContainerAttributes.put(attributes, process.owner(), containers.identify(process.owner()));
    return attributes;
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
