package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.EventType;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/** What {@code application-discovery} tells. */
public final class ApplicationDiscoveryTelemetry {

  private static final String KAFKA =
      """
      "pid":4711,"startedAt":"2026-03-01T10:15:30.120Z","name":"java","product":"Apache Kafka",\
      "version":"3.9.0","versionSource":"jarName","language":"Java","languageVersion":"21.0.2",\
      "languageVersionSource":"release","entryPoint":"kafka.Kafka",\
      "executable":"/opt/java/bin/java","executableDeleted":false,\
      "commandLine":["java","-Xmx1G","-Dssl.password=***","kafka.Kafka","server.properties"],\
      "uid":1000,"user":null,\
      """;

  private static final String KAFKA_CONTAINER =
      """
      "containerId":"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",\
      "containerName":"broker","containerRuntime":"containerd","image":"apache/kafka:3.9.0",\
      "podUid":"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11","podName":"kafka-0",\
      "podNamespace":"shop\"\
      """;

  private static final String KAFKA_PORTS =
      """
      "ports":[{"protocol":"tcp6","address":"::","port":9092}],"portsBy":"descriptors",\
      """;

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY =
      new ModuleTelemetry(
          List.of(
              new EventType(
                  ApplicationEvents.FOUND,
                  "An application ran already when the module started; the time is that of the"
                      + " finding. `version` is that of the product, or of the application that a"
                      + " runtime runs, `languageVersion` that of the runtime or compiler; their"
                      + " sources are `executable`, `release`, `manifest`, `package.json`,"
                      + " `dotnet.json`, `jarName`, `environment`, `path`, `commandLine` and"
                      + " `packageDatabase`. `entryPoint` is the main class, archive, module, script"
                      + " or main package. `user` is the name of `uid` on the host; in a container"
                      + " it is null but for root. `ports` are at most 64, and null where they"
                      + " cannot be told; `portsBy` is `descriptors` where the application holds the"
                      + " sockets, `namespace` where it is the only one in a container's network."
                      + " Secrets in `commandLine` are `***`.",
                  """
                  {"time":"2026-03-01T10:15:31.000Z","module":"application-discovery",\
                  "type":"ApplicationFound","pid":812,"startedAt":"2026-02-11T06:00:02.310Z",\
                  "name":"postgres","product":"PostgreSQL","version":"15.6",\
                  "versionSource":"packageDatabase","language":"C","languageVersion":null,\
                  "languageVersionSource":null,"entryPoint":null,\
                  "executable":"/usr/lib/postgresql/15/bin/postgres","executableDeleted":false,\
                  "commandLine":["/usr/lib/postgresql/15/bin/postgres","-D","/var/lib/postgresql"],\
                  "uid":112,"user":"postgres","ports":[{"protocol":"tcp","address":"127.0.0.1",\
                  "port":5432}],"portsBy":"descriptors","containerId":null,"containerName":null,\
                  "containerRuntime":null,"image":null,"podUid":null,"podName":null,\
                  "podNamespace":null}\
                  """),
              new EventType(
                  ApplicationEvents.STARTED,
                  "An application has started; the time is that of the start, or, where its process"
                      + " was another application before, that of the finding. From `proc-events`"
                      + " it comes at once, when the ports are not known yet.",
                  "{\"time\":\"2026-03-01T10:15:30.120Z\",\"module\":\"application-discovery\","
                      + "\"type\":\"ApplicationStarted\","
                      + KAFKA
                      + "\"ports\":null,\"portsBy\":null,"
                      + KAFKA_CONTAINER
                      + "}"),
              new EventType(
                  ApplicationEvents.CHANGED,
                  "An application has executed its program again, as when it restarts itself, and"
                      + " another command line, executable, user or version replaces what was"
                      + " reported. With another product, language or entry point it is another"
                      + " application: `ApplicationEnded` and `ApplicationStarted`.",
                  "{\"time\":\"2026-03-01T10:15:31.700Z\",\"module\":\"application-discovery\","
                      + "\"type\":\"ApplicationChanged\","
                      + KAFKA
                      + KAFKA_PORTS
                      + KAFKA_CONTAINER
                      + "}"),
              new EventType(
                  ApplicationEvents.PORTS_CHANGED,
                  "An application listens on other ports than before: `opened` and `closed`. Ports of UDP"
                      + " from 32768 are told with others, but are no event by themselves.",
                  "{\"time\":\"2026-03-01T10:15:32.200Z\",\"module\":\"application-discovery\","
                      + "\"type\":\"ApplicationPortsChanged\","
                      + KAFKA
                      + KAFKA_PORTS
                      + KAFKA_CONTAINER
                      + ",\"opened\":[{\"protocol\":\"tcp6\",\"address\":\"::\",\"port\":9092}],"
                      + "\"closed\":[]}"),
              new EventType(
                  ApplicationEvents.ENDED,
                  "An application has ended, or executes another program. `exitCode` and `signal`"
                      + " are known from `proc-events` only; of the others the time is that of the"
                      + " pass that did not find it any more.",
                  "{\"time\":\"2026-03-01T10:17:41.000Z\",\"module\":\"application-discovery\","
                      + "\"type\":\"ApplicationEnded\","
                      + KAFKA
                      + KAFKA_PORTS
                      + KAFKA_CONTAINER
                      + ",\"exitCode\":null,\"signal\":\"SIGKILL\"}"),
              new EventType(
                  ApplicationEvents.VANISHED,
                  "A process executed a program and had ended before it could be looked at. What is"
                      + " known is told: its name where it still waited for its parent, and the"
                      + " parent's container. Thirty a minute in the long run at most, thirty at"
                      + " once; `smartagent_process_executions_missed_total` counts them all.",
                  """
                  {"time":"2026-03-01T10:20:00.004Z","module":"application-discovery",\
                  "type":"ProcessVanished","pid":5120,"parentPid":4711,"name":"python3",\
                  "product":null,"language":"Python","exitCode":1,"signal":null,\
                  "containerId":null,"containerName":null,"containerRuntime":null,"image":null,\
                  "podUid":null,"podName":null,"podNamespace":null}\
                  """)),
          DiscoveryMetrics.FAMILIES);

  private ApplicationDiscoveryTelemetry() {}
}
