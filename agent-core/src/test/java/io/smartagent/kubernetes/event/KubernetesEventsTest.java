package io.smartagent.kubernetes.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ApiFailure.Kind;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ClusterClient;
import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.telemetry.DocumentedEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KubernetesEventsTest {

  private static final Instant START = Instant.parse("2026-03-01T10:15:30.5Z");

  private final Server server = new Server();
  private final ApiCondition condition = new ApiCondition("No Events", "Events again.");
  private long now = 5_000_000_000L;
  private final KubernetesEvents events =
      new KubernetesEvents("node-1", server, condition, () -> now, new Random(1));

  /** The API server, as far as it knows Events. */
  private static final class Server implements EventStore {

    private final List<JsonTree> created = new ArrayList<>();
    private final List<JsonTree> changes = new ArrayList<>();
    private int requests;
    private @Nullable ApiRequestException refusal;
    private @Nullable ApiRequestException forgotten;
    private @Nullable RuntimeException fault;

    @Override
    public void create(EventSeries series) throws ApiRequestException {
      answer();
      created.add(parse(EventObject.of(series, "node-1")));
    }

    @Override
    public void update(EventSeries series) throws ApiRequestException {
      answer();
      if (forgotten != null) {
        throw forgotten;
      }
      changes.add(parse(EventObject.change(series)));
    }

    private void answer() throws ApiRequestException {
      requests++;
      if (fault != null) {
        throw fault;
      }
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  private static JsonTree parse(HasMetadata event) {
    try {
      return JsonTree.parse(ClusterClient.json(event).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ApiRequestException failure(Kind kind, int code, String answer) {
    return new ApiRequestException(
        new ApiFailure(kind, "It is so.", "Do that."),
        code,
        null,
        Serialization.unmarshal(answer, Status.class),
        new IllegalStateException());
  }

  private static Event kill(String process, @Nullable String pod) {
    return kill(process, pod, "shop").build();
  }

  private static Event.Builder kill(String process, @Nullable String pod, String namespace) {
    EventOwner owner =
        pod == null
            ? EventOwner.HOST
            : new EventOwner(null, "api", null, null, pod + "-uid", pod, namespace);
    return Event.of(DocumentedEvents.type("PodOOMKilling"), START)
        .subject(process)
        .summary("The process " + process + " (7024) was killed for want of memory.")
        .owner(owner);
  }

  private void report(Event event) {
    events.accept("host-events", event);
    events.writeDue(null);
  }

  private void pass(Duration time) {
    now += time.toNanos();
    events.writeDue(null);
  }

  @Test
  void reportsAPodsEventOnThePod() {
    report(kill("java", "api-7d4b9"));

    JsonTree event = server.created.getFirst();
    JsonTree regarding = event.get("regarding");
    assertThat(regarding.get("kind").text()).isEqualTo("Pod");
    assertThat(regarding.get("uid").text()).isEqualTo("api-7d4b9-uid");
    assertThat(regarding.get("fieldPath").text()).isEqualTo("spec.containers{api}");
    assertThat(event.get("metadata").get("namespace").text()).isEqualTo("shop");
    assertThat(event.get("metadata").get("name").text()).matches("api-7d4b9\\.[0-9a-f]{16}");
    assertThat(event.get("reason").text()).isEqualTo("PodOOMKilling");
    assertThat(event.get("type").text()).isEqualTo("Warning");
    assertThat(event.get("eventTime").text()).isEqualTo("2026-03-01T10:15:30.500000Z");
    assertThat(event.get("reportingInstance").text()).isEqualTo("node-1");
    assertThat(event.get("note").text())
        .isEqualTo("The process java (7024) was killed for want of memory.");
    assertThat(event.names()).doesNotContain("series");
  }

  @Test
  void reportsOtherEventsOnTheNode() {
    report(kill("java", null));

    JsonTree event = server.created.getFirst();
    assertThat(event.get("regarding").get("kind").text()).isEqualTo("Node");
    assertThat(event.get("regarding").get("uid").text()).isEqualTo("node-1");
    assertThat(event.get("metadata").get("namespace").text()).isEqualTo("default");
  }

  @Test
  void takesNoNameOfAPodForAnAddress() {
    report(kill("java", "api", "../../../v1/secrets").build());

    assertThat(server.created.getFirst().get("regarding").get("kind").text()).isEqualTo("Node");
  }

  @Test
  void steersNobodysTerminal() {
    report(kill("\u001b[2J\u009b\n\u202e", null));

    assertThat(server.created.getFirst().get("note").text()).matches("[ -~]+");
  }

  @Test
  void doesNotReportHistoricalEvents() {
    report(kill("java", null, "").historical(true).build());
    events.accept(
        "log-discovery", DocumentedEvents.of("LogFileFound", START, Map.of("path", "/a.log")));
    events.writeDue(null);

    assertThat(server.requests).isZero();
  }

  @Test
  void makesASeriesOfWhatHappensAgain() {
    report(kill("java", "api"));
    for (int i = 0; i < 8; i++) {
      pass(Duration.ofSeconds(1));
      report(kill("java", "api"));
    }
    assertThat(server.requests).isEqualTo(1);

    pass(Duration.ofSeconds(10));
    assertThat(server.created).hasSize(1);
    assertThat(server.changes.getFirst().get("series").get("count").number()).isEqualTo(9);

    pass(Duration.ofMinutes(11));
    report(kill("java", "api"));
    assertThat(server.created).hasSize(2);
  }

  @Test
  void makesEventsOfWhatIsNotAlike() {
    report(kill("java", "api"));
    report(kill("python", "api"));
    report(kill("java", "web"));

    assertThat(server.created).hasSize(3);
  }

  @Test
  void reportsTheCountFromTheStart() {
    report(kill("java", "api", "shop").count(12).build());

    assertThat(server.created.getFirst().get("series").get("count").number()).isEqualTo(12);
  }

  @Test
  void limitsTheEventsOfOnePod() {
    for (int i = 0; i < 40; i++) {
      report(kill("process-" + i, "api"));
    }
    assertThat(server.created).hasSize(EventAggregator.OBJECT_BURST);
    assertThat(events.dropped()).containsEntry(DropReason.RATE, 15L);

    pass(EventAggregator.OBJECT_REFILL);
    report(kill("later", "api"));
    assertThat(server.created).hasSize(EventAggregator.OBJECT_BURST + 1);
  }

  @Test
  void limitsTheEventsOfANode() {
    for (int i = 0; i < 80; i++) {
      report(kill("java", "api-" + i));
    }

    assertThat(server.created).hasSize(EventAggregator.NODE_BURST);
    assertThat(events.dropped()).containsEntry(DropReason.RATE, 30L);
  }

  @Test
  void keepsOneOfWhatIsAlikeWhileTheServerIsDown() {
    server.refusal = failure(Kind.UNREACHABLE, 0, "{}");
    for (int i = 0; i < 100; i++) {
      report(kill("java", "api"));
    }
    assertThat(server.requests).isEqualTo(1);
    assertThat(condition.text()).isEqualTo("No Events: It is so. Do that.");

    server.refusal = null;
    pass(Duration.ofMinutes(1));
    assertThat(server.created).hasSize(1);
    assertThat(server.created.getFirst().get("series").get("count").number()).isEqualTo(100);
    assertThat(condition.text()).isNull();
  }

  @Test
  void countsWhatCannotBeWrittenInTime() {
    server.refusal = failure(Kind.UNREACHABLE, 0, "{}");
    report(kill("java", "api"));
    pass(Duration.ofMinutes(31));
    server.refusal = null;
    pass(Duration.ofMinutes(5));

    assertThat(server.created).isEmpty();
    assertThat(events.dropped()).containsEntry(DropReason.AGE, 1L);
  }

  @Test
  void countsWhatThereIsNoRoomFor() {
    for (int i = 0; i < 300; i++) {
      events.accept("host-events", kill("process-" + i, "api-" + i));
    }

    assertThat(events.dropped()).containsEntry(DropReason.QUEUE, 44L);
  }

  @Test
  void givesUpWhatANamespaceThatEndsDoesNotTake() {
    server.refusal =
        failure(
            Kind.FORBIDDEN,
            403,
            "{\"details\":{\"causes\":[{\"reason\":\"NamespaceTerminating\"}]}}");
    report(kill("java", "api"));
    server.refusal = null;
    report(kill("java", "web"));

    assertThat(server.created).hasSize(1);
    assertThat(events.dropped()).containsEntry(DropReason.REFUSED, 1L);
    assertThat(condition.text()).isNull();
  }

  @Test
  void createsAnEventAgainThatTheServerHasForgotten() {
    report(kill("java", "api"));
    report(kill("java", "api"));
    server.forgotten = failure(Kind.NOT_FOUND, 404, "{\"details\":{\"name\":\"api.1\"}}");
    pass(Duration.ofSeconds(20));

    assertThat(server.created).hasSize(2);
    assertThat(server.created.getLast().get("series").get("count").number()).isEqualTo(2);
    assertThat(server.changes).isEmpty();
  }

  private static Event refused(String version, String problem) {
    return Event.of(DocumentedEvents.type("ConfigurationRefused"), START)
        .subject(version)
        .summary("The configuration " + version + " is refused: " + problem)
        .build();
  }

  private void reportOfTheAgent(Event event) {
    events.accept("agent", event);
    events.writeDue(null);
  }

  @Test
  void saysWhatIsWrongWithEachConfigurationThatIsRefused() {
    reportOfTheAgent(refused("7", "X is \"soon\"."));
    reportOfTheAgent(refused("8", "x".repeat(3000)));

    assertThat(server.created).hasSize(2);
    JsonTree event = server.created.getFirst();
    assertThat(event.get("regarding").get("kind").text()).isEqualTo("Node");
    assertThat(event.get("reason").text()).isEqualTo("ConfigurationRefused");
    assertThat(event.get("type").text()).isEqualTo("Warning");
    assertThat(event.get("note").text())
        .isEqualTo("The configuration 7 is refused: X is \"soon\".");
    assertThat(server.created.getLast().get("note").text()).hasSize(1024);
  }

  @Test
  void isSilentAboutAConfigurationThatEveryNodeTakes() {
    reportOfTheAgent(DocumentedEvents.of("ConfigurationApplied", START, Map.of("version", "7")));

    assertThat(server.requests).isZero();
  }

  @Test
  void reportsATextWithHalfACharacter() {
    report(kill("java\ud83d", "api"));

    assertThat(server.created).hasSize(1);
  }

  @Test
  void reportsOtherEventsWhereOneCannotBeWritten() {
    server.fault = new IllegalStateException();
    report(kill("java", "api"));
    server.fault = null;
    report(kill("java", "web"));

    assertThat(server.created).hasSize(1);
    assertThat(events.dropped()).containsEntry(DropReason.REFUSED, 1L);
  }

  @Test
  void countsRepeatsThatCannotBeWrittenInTime() {
    report(kill("java", "api"));
    server.refusal = failure(Kind.UNREACHABLE, 0, "{}");
    report(kill("java", "api", "shop").count(4).build());
    pass(Duration.ofMinutes(11));

    assertThat(events.dropped()).containsEntry(DropReason.AGE, 4L);
  }

  @Test
  void findsANameForAnEventOfAPodWithTheLongestName() {
    String pod = ("a".repeat(62) + ".").repeat(3) + "a".repeat(46) + "-" + "b".repeat(17);
    report(kill("java", pod));

    assertThat(server.created.getFirst().get("regarding").get("name").text()).isEqualTo(pod);
    assertThat(server.created.getFirst().get("metadata").get("name").text())
        .hasSizeLessThanOrEqualTo(253)
        .matches("[a.]+a\\.[0-9a-f]{16}");
  }
}
