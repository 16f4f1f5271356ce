package io.smartagent.kubernetes.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a container. Pods of one controller whose containers are alike are one, but
 * for those of different files: each of them is to be corrected.
 *
 * @param type of the container
 * @param name of it
 * @param image that it runs
 * @param findings in it, the worst first, at least one
 * @param demotion what it could become, null where it is not privileged
 * @param location where it was found first
 * @param pods how many pods with it were read; 0 where there is only a template of such pods
 */
public record ContainerReport(
    ContainerType type,
    String name,
    String image,
    List<Finding> findings,
    @Nullable Demotion demotion,
    Location location,
    int pods) {

  /** Copies the findings. */
  public ContainerReport {
    findings = List.copyOf(findings);
  }

  /** Returns how bad it is: as bad as the worst of its findings. */
  public Level level() {
    return findings.getFirst().level();
  }

  ContainerReport and(int more) {
    return new ContainerReport(type, name, image, findings, demotion, location, pods + more);
  }

  /** Returns whether this, of pods, shows all that a template of them does. */
  boolean repeats(ContainerReport template) {
    return pods > 0
        && type == template.type
        && name.equals(template.name)
        && words().containsAll(template.words());
  }

  private List<String> words() {
    return findings.stream().map(each -> each.rule().id() + " " + each.words()).toList();
  }

  /** Returns what two of them have in common that are reported as one. */
  String signature() {
    StringBuilder signature =
        new StringBuilder(location.file())
            .append('\n')
            .append(type.id())
            .append('\n')
            .append(name)
            .append('\n')
            .append(image);
    words().forEach(words -> signature.append('\n').append(words));
    if (demotion != null) {
      demotion.blockers().forEach(each -> signature.append('\n').append(each.words()));
    }
    return signature.toString();
  }
}
