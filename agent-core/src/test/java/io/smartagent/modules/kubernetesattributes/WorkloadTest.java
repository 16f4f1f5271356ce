package io.smartagent.modules.kubernetesattributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkloadTest {

  private static OwnerReference owner(String kind, String name, boolean controller) {
    return new OwnerReferenceBuilder()
        .withKind(kind)
        .withName(name)
        .withController(controller)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet, web-5d8f9c, pod-template-hash=5d8f9c, Deployment, web",
    "ReplicaSet, web-5d8f9c, pod-template-hash=other, ReplicaSet, web-5d8f9c",
    "ReplicaSet, web-5d8f9c, app=web, ReplicaSet, web-5d8f9c",
    "ReplicaSet, -5d8f9c, pod-template-hash=5d8f9c, ReplicaSet, -5d8f9c",
    "ReplicaSet, web-77, rollouts-pod-template-hash=77, Rollout, web",
    "Job, backup-29381220, app=backup, CronJob, backup",
    "Job, migrate-1234567, app=migrate, Job, migrate-1234567",
    "Job, migrate-to-v2, app=migrate, Job, migrate-to-v2",
    "Job, 29381220, app=migrate, Job, 29381220",
    "DaemonSet, agent, app=agent, DaemonSet, agent",
    "StatefulSet, db, app=db, StatefulSet, db",
    "Node, node-1, app=static, Node, node-1"
  })
  void isWhatTheUserHasMade(String kind, String name, String label, String expected, String of) {
    String[] words = label.split("=", -1);
    assertThat(Workload.of("pod", Map.of(words[0], words[1]), List.of(owner(kind, name, true))))
        .isEqualTo(new Workload(expected, of));
  }

  @Test
  void isThePodItselfWhereNothingControlsIt() {
    Workload pod = new Workload("Pod", "alone");
    assertThat(Workload.of("alone", Map.of(), null)).isEqualTo(pod);
    assertThat(Workload.of("alone", Map.of(), List.of())).isEqualTo(pod);
    assertThat(Workload.of("alone", Map.of(), List.of(owner("Job", "other", false))))
        .isEqualTo(pod);
  }
}
