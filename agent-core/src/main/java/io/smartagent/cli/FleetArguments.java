package io.smartagent.cli;

import io.smartagent.config.Command;
import io.smartagent.config.OptionWords;
import io.smartagent.config.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words behind {@code fleet}.
 *
 * @param format of the output, {@code text} or {@code json}
 * @param kubeconfig file that says where the cluster is; null for the usual ones
 * @param context of it; null for its current one
 * @param problems everything that is wrong with the words
 */
record FleetArguments(
    String format, @Nullable String kubeconfig, @Nullable String context, List<Problem> problems) {

  private static final String FORMAT = "--format";
  private static final String KUBECONFIG = "--kubeconfig";
  private static final String CONTEXT = "--context";

  private static final OptionWords.Grammar GRAMMAR =
      new OptionWords.Grammar(
          Command.FLEET.id(),
          Map.of(FORMAT, "text|json", KUBECONFIG, "FILE", CONTEXT, "NAME"),
          Set.of(),
          false);

  static FleetArguments parse(List<String> words) {
    OptionWords taken = OptionWords.parse(GRAMMAR, words);
    Map<String, String> values = new HashMap<>();
    List<Problem> problems = new ArrayList<>(taken.problems());
    problems.addAll(OptionWords.noOperands(GRAMMAR.command(), taken.operands(), ""));
    problems.addAll(taken.noEmptyValues(GRAMMAR));
    taken.given().forEach(given -> values.put(given.flag(), given.value()));
    String format = values.getOrDefault(FORMAT, "text");
    if (!format.isEmpty()) {
      problems.addAll(OptionWords.notTextOrJson(format));
    }
    return new FleetArguments(format, values.get(KUBECONFIG), values.get(CONTEXT), problems);
  }
}
