package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of {@code application-discovery}. All have the same attributes always; what is unknown
 * is null.
 *
 * <p>{@code ApplicationFound}: it ran already when the module started. Its time is that of the
 * finding. {@code ApplicationStarted}: it has started since; its time is the start. {@code
 * ApplicationEnded}: it has ended, or executes another program; its time is that of the pass that
 * did not find it any more.
 *
 * <pre>{@code
 * {"time":"2026-03-01T10:15:30.120Z","module":"application-discovery","type":"ApplicationStarted",
 *  "pid":4711,"startedAt":"2026-03-01T10:15:30.120Z","name":"java","product":"Apache Kafka",
 *  "language":"Java","version":"3.9.0","entryPoint":"kafka.Kafka","executable":"/opt/java/bin/java",
 *  "executableDeleted":false,"commandLine":["java","-Xmx1G","-Dssl.password=***","kafka.Kafka",
 *  "/etc/kafka/server.properties"],"uid":1000,"user":null,"containerId":"3f1c...64 digits",
 *  "containerRuntime":"containerd","podUid":"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11"}
 * {"time":"2026-03-01T10:15:31.000Z","module":"application-discovery","type":"ApplicationFound",
 *  "pid":812,"startedAt":"2026-02-11T06:00:02.310Z","name":"sshd","product":null,"language":null,
 *  "version":null,"entryPoint":null,"executable":"/usr/sbin/sshd","executableDeleted":false,
 *  "commandLine":["sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"],"uid":0,"user":"root",
 *  "containerId":null,"containerRuntime":null,"podUid":null}
 * {"time":"2026-03-01T10:17:41.000Z","module":"application-discovery","type":"ApplicationEnded",
 *  "pid":4711,"startedAt":"2026-03-01T10:15:30.120Z","name":"java", ...as when it started}
 * }</pre>
 *
 * <p>{@code user} is the name of {@code uid} in the host's /etc/passwd. For a process in a
 * container it is null, but for root: the container has a passwd of its own, where the same number
 * is another user.
 */
final class ApplicationEvents {

  static final String FOUND = "ApplicationFound";
  static final String STARTED = "ApplicationStarted";
  static final String ENDED = "ApplicationEnded";

  private static final int ARGUMENTS_AT_MOST = 128;
  private static final int CHARACTERS_AT_MOST = 4096;
  private static final String ELLIPSIS = "…";

  private ApplicationEvents() {}

  /** Returns the event of this type for an application. */
  static Event of(String type, Instant time, HostProcess application, UserNames users) {
    Software software = application.software();
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("pid", application.pid());
    attributes.put("startedAt", application.startedAt().toString());
    attributes.put("name", software.name());
    attributes.put("product", software.product());
    attributes.put("language", software.language());
    attributes.put("version", application.version());
    attributes.put("entryPoint", software.entryPoint());
    attributes.put("executable", application.executable());
    attributes.put("executableDeleted", application.executableDeleted());
    attributes.put("commandLine", shown(application.commandLine()));
    attributes.put("uid", application.uid());
    attributes.put("user", user(application, users));
    attributes.put("containerId", application.owner().containerId());
    attributes.put("containerRuntime", application.owner().runtime());
    attributes.put("podUid", application.owner().podUid());
    return new Event(time, type, attributes);
  }

  /** Masks first and cuts then: half a secret could not be recognised. */
  private static List<String> shown(CommandLine commandLine) {
    List<String> shown = new ArrayList<>();
    int characters = 0;
    for (String argument : SecretMask.mask(commandLine.arguments())) {
      int left = CHARACTERS_AT_MOST - characters;
      if (left <= 0 || shown.size() >= ARGUMENTS_AT_MOST) {
        shown.add(ELLIPSIS);
        return shown;
      }
      shown.add(argument.length() <= left ? argument : argument.substring(0, left) + ELLIPSIS);
      characters += argument.length();
    }
    if (commandLine.truncated()) {
      shown.add(ELLIPSIS);
    }
    return shown;
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
