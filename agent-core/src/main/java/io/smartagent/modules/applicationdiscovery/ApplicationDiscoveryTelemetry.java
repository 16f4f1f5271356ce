package io.smartagent.modules.applicationdiscovery;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.applicationdiscovery.ListeningSocket.Protocol;
import io.smartagent.modules.applicationdiscovery.Version.Origin;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.process.ProcessImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code application-discovery} reports. */
final class ApplicationDiscoveryTelemetry {

  private static final String POD = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String CONTAINER =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

  private static final Instant START = Instant.parse("2026-03-01T10:15:30.120Z");

  private static final UserNames USERS = new UserNames(Map.of(112L, "postgres"));

  private ApplicationDiscoveryTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    ApplicationEvents events = new ApplicationEvents(ApplicationDiscoveryTelemetry::owner);
    Application kafka = kafka(ports(Protocol.TCP6, "::", 9092));
    Event vanished =
        events.vanished(
            Instant.parse("2026-03-01T10:20:00.004Z"),
            new VanishedProcess(5120, 4711, software("python3", null, Language.PYTHON, null)),
            new ExitStatus(1, null),
            CgroupOwner.NONE);
    return new ModuleTelemetry(
        List.of(
            events.found(Instant.parse("2026-03-01T10:15:31.000Z"), postgres(), USERS),
            events.started(START, kafka(Ports.UNKNOWN), USERS),
            events.changed(Instant.parse("2026-03-01T10:15:31.700Z"), kafka, USERS),
            events.portsChanged(
                Instant.parse("2026-03-01T10:15:32.200Z"), kafka, Ports.UNKNOWN, USERS),
            events.ended(
                Instant.parse("2026-03-01T10:17:41.000Z"),
                kafka,
                new ExitStatus(null, "SIGKILL"),
                USERS),
            vanished),
        DiscoveryMetrics.FAMILIES);
  }

  private static EventOwner owner(CgroupOwner owner) {
    return owner.containerId() == null
        ? EventOwner.HOST
        : new EventOwner(
            owner.containerId(),
            "broker",
            "containerd",
            "apache/kafka:3.9.0",
            POD,
            "kafka-0",
            "shop");
  }

  private static Application postgres() {
    String executable = "/usr/lib/postgresql/15/bin/postgres";
    return new Application(
        process(
            812,
            Instant.parse("2026-02-11T06:00:02.310Z"),
            List.of(executable, "-D", "/var/lib/postgresql"),
            executable,
            112,
            CgroupOwner.NONE),
        new Details(
            software("postgres", "PostgreSQL", Language.C, null),
            new Version("15.6", Origin.PACKAGE_DATABASE),
            null),
        ports(Protocol.TCP, "127.0.0.1", 5432));
  }

  private static Application kafka(Ports ports) {
    return new Application(
        process(
            4711,
            START,
            List.of("java", "-Xmx1G", "-Dssl.password=***", "kafka.Kafka", "server.properties"),
            "/opt/java/bin/java",
            1000,
            CgroupOwner.ofPath("/kubepods/pod" + POD + "/" + CONTAINER)),
        new Details(
            software("java", "Apache Kafka", Language.JAVA, "kafka.Kafka"),
            new Version("3.9.0", Origin.JAR_NAME),
            new Version("21.0.2", Origin.RELEASE)),
        ports);
  }

  private static HostProcess process(
      int pid,
      Instant startedAt,
      List<String> commandLine,
      String executable,
      long uid,
      CgroupOwner owner) {
    return new HostProcess(
        pid,
        0,
        ProcessImage.hidden(false),
        1,
        startedAt,
        executable,
        false,
        commandLine,
        uid,
        owner,
        software(commandLine.getFirst(), null, null, null));
  }

  private static Software software(
      String name,
      @Nullable String product,
      @Nullable Language language,
      @Nullable String entryPoint) {
    return new Software(
        name,
        product,
        language,
        entryPoint,
        VersionClues.NONE,
        VersionClues.NONE,
        Software.Role.RECOGNISED);
  }

  private static Ports ports(Protocol protocol, String address, int port) {
    return Ports.of(List.of(new ListeningSocket(protocol, address, port, 0)), Ports.By.DESCRIPTORS);
  }
}
