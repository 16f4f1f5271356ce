package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Selection;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of each module: the first source whose needs are met is taken. Pure. */
final class ModulePlanner {

  private final ContainerFacts container;
  private final Selection selection;
  private final String source;
  private final String accountDirectory;

  /**
   * Returns a planner.
   *
   * @param source where the selection was made
   * @param accountDirectory of the host that a ServiceAccount's token can be mounted at
   */
  ModulePlanner(
      ContainerFacts container, Selection selection, String source, String accountDirectory) {
    this.container = container;
    this.selection = selection;
    this.source = source;
    this.accountDirectory = accountDirectory;
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
          "excluded by " + source + ": " + module.loss(),
          null);
    }
    List<Source> sources = module.needs().sources();
    Optional<Source> chosen = chosen(module);
    boolean complete = chosen.isPresent() && chosen.get().limitation() == null;
    Lack lack =
        complete
            ? Lack.NONE
            : lackOf(module, firstThatYamlCanGive(module, chosen).orElse(sources.getFirst()));
    return new ModulePlan(
        module.id(),
        stateOf(chosen),
        chosen.isPresent() ? chosen.get().name() : null,
        chosen.isPresent() ? chosen.get().capabilities() : CapabilitySet.NONE,
        lack.names(),
        lack.blocker(),
        chosen.isPresent() ? chosen.get().limitation() : module.loss(),
        lack.remedy());
  }

  private Optional<Source> chosen(ModuleDescriptor module) {
    for (Source source : module.needs().sources()) {
      if (isMet(source) && isAllowed(module, source)) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
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
    for (Ability ability : source.abilities()) {
      if (!container.can(ability)) {
        return false;
      }
    }
    return container.keepable().containsAll(source.capabilities());
  }

  /**
   * The remedy names the best source that changes of the YAML alone make usable: one that shows
   * all, else one that shows more than the chosen one.
   */
  private Optional<Source> firstThatYamlCanGive(ModuleDescriptor module, Optional<Source> chosen) {
    Optional<Source> limited = Optional.empty();
    for (Source source : module.needs().sources()) {
      // By name: a record's own equals would spin classes at run time.
      if (chosen.isPresent() && source.name().equals(chosen.get().name())) {
        break;
      }
      if (isAllowed(module, source) && lackOf(module, source).remedy() != null) {
        if (source.limitation() == null) {
          return Optional.of(source);
        }
        limited = limited.isEmpty() ? Optional.of(source) : limited;
      }
    }
    return limited;
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
    List<AbilityFact> blocked = blocked(source);
    List<Blocker> blockers = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    boolean curable = true;
    if (!isAllowed(module, source)) {
      remedies.add(
          Remedies.setVariable(Option.MODULES.variable(), selection.naming(module.id()).text()));
    }
    if (!missing.isEmpty()) {
      Blocker blocker = outside.isEmpty() ? Blocker.CAPABILITY : Blocker.BOUNDING;
      blockers.add(blocker);
      curable = addRemedy(remedies, Remedies.forBlocker(blocker, missing));
    }
    for (AbilityFact fact : blocked) {
      Blocker blocker = Objects.requireNonNull(fact.blockedBy());
      boolean isTheCapability = blocker == Blocker.BOUNDING || blocker == Blocker.CAPABILITY;
      if (!isTheCapability || missing.isEmpty()) {
        blockers.add(blocker);
        curable &= addRemedy(remedies, remedy(fact.ability(), blocker, missing));
      }
    }
    if (curable && remedies.isEmpty()) {
      return Lack.NONE;
    }
    List<String> names = new ArrayList<>(missing.names());
    for (AbilityFact fact : blocked) {
      names.add(fact.ability().id());
    }
    return new Lack(
        names.isEmpty() ? null : String.join(", ", names),
        blockers.isEmpty() ? null : blockers.getFirst(),
        curable ? Remedies.together(remedies) : null);
  }

  /** Returns whether there is one. */
  private static boolean addRemedy(List<String> remedies, @Nullable String remedy) {
    if (remedy != null) {
      remedies.add(remedy);
    }
    return remedy != null;
  }

  /** Returns what a source needs and cannot be done, in the order of {@link Ability}. */
  private List<AbilityFact> blocked(Source source) {
    List<AbilityFact> blocked = new ArrayList<>();
    for (Ability ability : Ability.values()) {
      if (source.abilities().contains(ability) && !container.can(ability)) {
        blocked.add(container.fact(ability));
      }
    }
    return blocked;
  }

  private @Nullable String remedy(Ability ability, Blocker blocker, CapabilitySet missing) {
    if (ability == Ability.SERVICE_ACCOUNT) {
      return container.cluster().isPod() ? Remedies.mountServiceAccount(accountDirectory) : null;
    }
    return Remedies.forBlocker(blocker, missing);
  }
}
