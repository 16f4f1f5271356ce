package io.smartagent.kubernetes.manifest;

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
  static Facts of(
      ManifestOptions options, List<? extends ModuleDescriptor> catalog, DeploymentRules rules) {
    Facts all = new Facts();
    all.add("mode:" + options.mode().id(), true);
    all.add("privileged", options.privileged());
    all.add("remount", options.remount());
    all.add("non-root-mode", options.nonRootMode());
    all.add(DeploymentRules.USER, options.user().isPresent());
    all.add("crio", options.crio());
    all.add("installer", options.installer().isPresent());
    all.add("modules:auto", options.modules().equals(Selection.AUTO));
    options.without().shortNames().forEach(name -> all.add("without:" + name, true));
    for (ClusterFeature feature : options.features()) {
      all.add("feature:" + feature.id(), true);
    }
    for (ModuleDescriptor module : catalog) {
      all.add("module:" + module.id(), options.modules().includes(module.id()));
      all.add("named:" + module.id(), options.modules().isNamed(module.id()));
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
