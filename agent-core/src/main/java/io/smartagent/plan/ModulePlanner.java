package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Selection;
import io.smartagent.kernel.capability.Capability;
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
import java.util.stream.Collectors;
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
    List<Source> sources = module.need().sources();
    Optional<Source> chosen =
        sources.stream().filter(each -> isMet(each) && isAllowed(module, each)).findFirst();
    boolean complete = chosen.isPresent() && chosen.get().limitation() == null;
    Lack lack =
        complete
            ? Lack.NONE
            : lackOf(module, firstThatYamlCanGive(module, chosen).orElse(sources.getFirst()));
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

  /**
   * SYS_ADMIN is all but root: what has it can undo the seal. A module that only runs because it
   * can is not given it.
   */
  private boolean isAllowed(ModuleDescriptor module, Source source) {
    return selection.isNamed(module.id())
        || !source.capabilities().contains(Capability.CAP_SYS_ADMIN);
  }

  private boolean isMet(Source source) {
    return container.keepable().containsAll(source.capabilities())
        && source.abilities().stream().allMatch(container::can);
  }

  /**
   * The remedy names the best source that changes of the YAML alone make usable: one that shows
   * all, else one that shows more than the chosen one.
   */
  private Optional<Source> firstThatYamlCanGive(ModuleDescriptor module, Optional<Source> chosen) {
    // By name: a record's own equals would spin classes at run time.
    List<Source> better =
        module.need().sources().stream()
            .takeWhile(source -> chosen.isEmpty() || !source.name().equals(chosen.get().name()))
            .toList();
    List<Source> curable =
        better.stream()
            .filter(source -> isAllowed(module, source))
            .filter(source -> lackOf(module, source).remedy() != null)
            .toList();
    return curable.stream()
        .filter(source -> source.limitation() == null)
        .findFirst()
        .or(() -> curable.stream().findFirst());
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

  private Lack lackOf(ModuleDescriptor module, Source source) {
    CapabilitySet missing = source.capabilities().minus(container.keepable());
    CapabilitySet outside = missing.minus(container.capabilities().bounding());
    List<AbilityFact> blocked =
        Stream.of(Ability.values())
            .filter(source.abilities()::contains)
            .map(container::fact)
            .filter(fact -> !fact.available())
            .toList();
    List<Blocker> blockers = new ArrayList<>();
    List<@Nullable String> remedies = new ArrayList<>();
    if (!isAllowed(module, source)) {
      remedies.add(Remedies.setVariable(Option.MODULES.variable(), consent(module)));
    }
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
    if (remedies.isEmpty()) {
      return Lack.NONE;
    }
    return new Lack(
        names.isEmpty() ? null : String.join(", ", names),
        blockers.isEmpty() ? null : blockers.getFirst(),
        curable ? Remedies.together(remedies.stream().map(String::valueOf).toList()) : null);
  }

  /** Returns the selection that also names this module. */
  private String consent(ModuleDescriptor module) {
    return Stream.concat(
            selection.auto() ? Stream.of("auto") : Stream.empty(),
            Stream.concat(selection.names().stream(), Stream.of(module.id())))
        .collect(Collectors.joining(","));
  }
}
