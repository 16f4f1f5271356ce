package io.smartagent.plan;

import io.smartagent.config.Selection;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of each module: the first source whose needs are met is taken. Pure. */
final class ModulePlanner {

  private final ContainerFacts container;
  private final Selection selection;
  private final String source;

  /**
   * Returns a planner.
   *
   * @param source where the selection was made
   */
  ModulePlanner(ContainerFacts container, Selection selection, String source) {
    this.container = container;
    this.selection = selection;
    this.source = source;
  }

  ModulePlan plan(ModuleDescriptor module) {
    if (!selection.includes(module.id())) {
      return new ModulePlan(
          module.id(),
          ModuleState.DISABLED,
          null,
          CapabilitySet.NONE,
          null,
          null,
          "left out by " + source + ": " + module.loss(),
          null);
    }
    Source best = module.need().sources().getFirst();
    Optional<Source> chosen = module.need().sources().stream().filter(this::isMet).findFirst();
    Source wanted = firstThatYamlCanGive(module).orElse(best);
    boolean complete = chosen.isPresent() && chosen.get().limitation() == null;
    Lack lack = complete ? Lack.NONE : lackOf(wanted);
    return new ModulePlan(
        module.id(),
        stateOf(chosen),
        chosen.map(Source::name).orElse(null),
        chosen.map(Source::capabilities).orElse(CapabilitySet.NONE),
        lack.names(),
        lack.blocker(),
        chosen.isPresent() ? chosen.get().limitation() : module.loss(),
        lack.remedy());
  }

  private static ModuleState stateOf(Optional<Source> chosen) {
    if (chosen.isEmpty()) {
      return ModuleState.DISABLED;
    }
    return chosen.get().limitation() == null ? ModuleState.ENABLED : ModuleState.DEGRADED;
  }

  private boolean isMet(Source source) {
    return container.keepable().containsAll(source.capabilities())
        && source.abilities().stream().allMatch(container::can);
  }

  /** The remedy names the best source that changes of the YAML alone make usable. */
  private Optional<Source> firstThatYamlCanGive(ModuleDescriptor module) {
    return module.need().sources().stream()
        .filter(source -> source.limitation() == null)
        .filter(source -> lackOf(source).remedy() != null)
        .findFirst();
  }

  /**
   * What a source needs and the container lacks.
   *
   * @param names separated by a comma and a space; null for nothing
   * @param blocker of the first of them; null for nothing
   * @param remedy null where there is nothing to do, or nothing that YAML can do
   */
  private record Lack(@Nullable String names, @Nullable Blocker blocker, @Nullable String remedy) {
    static final Lack NONE = new Lack(null, null, null);
  }

  private Lack lackOf(Source source) {
    CapabilitySet missing = source.capabilities().minus(container.keepable());
    CapabilitySet outside = missing.minus(container.capabilities().bounding());
    List<AbilityFact> blocked =
        Stream.of(Ability.values())
            .filter(source.abilities()::contains)
            .map(container::fact)
            .filter(fact -> !fact.available())
            .toList();
    if (missing.isEmpty() && blocked.isEmpty()) {
      return Lack.NONE;
    }
    List<Blocker> blockers = new ArrayList<>();
    List<@Nullable String> remedies = new ArrayList<>();
    if (!missing.isEmpty()) {
      Blocker blocker = outside.isEmpty() ? Blocker.CAPABILITY : Blocker.BOUNDING;
      blockers.add(blocker);
      remedies.add(Remedies.forBlocker(blocker, missing));
    }
    for (AbilityFact fact : blocked) {
      Blocker blocker = Objects.requireNonNull(fact.blockedBy());
      boolean isTheCapability = blocker == Blocker.BOUNDING || blocker == Blocker.CAPABILITY;
      if (!isTheCapability || missing.isEmpty()) {
        blockers.add(blocker);
        remedies.add(Remedies.forBlocker(blocker, missing));
      }
    }
    boolean curable = remedies.stream().allMatch(Objects::nonNull);
    List<String> names =
        Stream.concat(missing.names().stream(), blocked.stream().map(fact -> fact.ability().id()))
            .toList();
    return new Lack(
        String.join(", ", names),
        blockers.getFirst(),
        curable ? Remedies.together(remedies.stream().map(String::valueOf).toList()) : null);
  }
}
