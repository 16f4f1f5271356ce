package io.smartagent.kubernetes.deploy;

import io.smartagent.config.Selection;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.module.ModuleDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds of a deployment: what was asked for, and what follows from it. */
final class Facts {

  private final Set<String> facts = new HashSet<>();

  private Facts() {}

  /** Returns the facts of a deployment. */
  static Facts of(Wishes wishes, List<? extends ModuleDescriptor> catalog, DeploymentRules rules) {
    Facts all = new Facts();
    all.add("mode:" + wishes.mode().id(), true);
    all.add("privileged", wishes.privileged());
    all.add("remount", wishes.remount());
    all.add("non-root-mode", wishes.nonRootMode());
    all.add(DeploymentRules.USER, wishes.user().isPresent());
    all.add("crio", wishes.crio());
    all.add("installer", wishes.installer().isPresent());
    all.add("modules:auto", wishes.modules().equals(Selection.AUTO));
    wishes.without().shortNames().forEach(name -> all.add("without:" + name, true));
    for (ClusterFeature feature : wishes.features()) {
      all.add("feature:" + feature.id(), true);
    }
    for (ModuleDescriptor module : catalog) {
      all.add("module:" + module.id(), wishes.modules().includes(module.id()));
      all.add("named:" + module.id(), wishes.modules().isNamed(module.id()));
    }
    for (DeploymentRules.Rule rule : rules.facts()) {
      if (all.hold(rule.when())) {
        all.facts.addAll(rule.then());
      }
    }
    return all;
  }

  private void add(String fact, boolean holds) {
    if (holds) {
      facts.add(fact);
    }
  }

  /** Returns whether a condition holds. */
  boolean hold(List<String> condition) {
    for (String each : condition) {
      boolean negated = each.startsWith("!");
      if (facts.contains(negated ? each.substring(1) : each) == negated) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a fact holds. */
  boolean hold(String fact) {
    return facts.contains(fact);
  }
}
