package io.smartagent.cli;

import io.smartagent.config.ArgumentParser;
import io.smartagent.config.Command;
import io.smartagent.config.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words behind {@code fleet}.
 *
 * @param format of the output, {@code text} or {@code json}
 * @param kubeconfig file that says where the cluster is; null for the usual ones
 * @param context in it; null for its current one
 * @param problems everything that is wrong with the words
 */
record FleetArguments(
    String format, @Nullable String kubeconfig, @Nullable String context, List<Problem> problems) {

  private static final String FORMAT = "--format";
  private static final String KUBECONFIG = "--kubeconfig";
  private static final String CONTEXT = "--context";

  private static final ArgumentParser.Grammar GRAMMAR =
      new ArgumentParser.Grammar(
          Command.FLEET.id(),
          Map.of(FORMAT, "text|json", KUBECONFIG, "FILE", CONTEXT, "NAME"),
          Set.of(),
          false);

  static FleetArguments parse(List<String> words) {
    ArgumentParser arguments = ArgumentParser.parse(GRAMMAR, words);
    arguments.refuseOperands("");
    arguments.refuseEmptyValues();
    String format = arguments.oneOf(FORMAT, ArgumentParser.TEXT_OR_JSON, "text");
    return new FleetArguments(
        format,
        arguments.isGiven(KUBECONFIG) ? arguments.value(KUBECONFIG, "") : null,
        arguments.isGiven(CONTEXT) ? arguments.value(CONTEXT, "") : null,
        arguments.problems());
  }
}
