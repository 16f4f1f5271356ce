package io.smartagent.cli;

import io.smartagent.config.Command;
import io.smartagent.config.OptionWords;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.audit.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words behind {@code audit}.
 *
 * @param files to read, in their order
 * @param cluster whether to read a cluster instead
 * @param kubeconfig the file that says where it is, empty for the usual one
 * @param context of that file, empty for its current one
 * @param namespace of the cluster, empty for all
 * @param format of the output
 * @param level that a container is told of from
 * @param fail whether to end with another exit code where any is told of
 * @param problems everything that is wrong with the words
 */
record AuditArguments(
    List<String> files,
    boolean cluster,
    String kubeconfig,
    String context,
    String namespace,
    String format,
    Level level,
    boolean fail,
    List<Problem> problems) {

  private static final String FORMAT = "--format";
  private static final String LEVEL = "--level";
  private static final String FAIL = "--fail";
  private static final String CLUSTER = "--cluster";
  private static final String KUBECONFIG = "--kubeconfig";
  private static final String CONTEXT = "--context";
  private static final String NAMESPACE = "--namespace";

  private static final List<String> FORMATS = List.of("table", "wide", "json", "sarif");
  private static final List<String> LEVELS = Stream.of(Level.values()).map(Level::id).toList();
  private static final List<String> OF_CLUSTER = List.of(KUBECONFIG, CONTEXT, NAMESPACE);

  private static final OptionWords.Grammar GRAMMAR =
      new OptionWords.Grammar(
          Command.AUDIT.id(),
          Map.of(
              FORMAT, String.join("|", FORMATS),
              LEVEL, String.join("|", LEVELS),
              FAIL, "",
              CLUSTER, "",
              KUBECONFIG, "FILE",
              CONTEXT, "NAME",
              NAMESPACE, "NAME"),
          Set.of(),
          true);

  static AuditArguments parse(List<String> words) {
    return new Parser().parse(words);
  }

  /** Puts together what the words mean. */
  private static final class Parser {

    private final List<String> files = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    AuditArguments parse(List<String> words) {
      OptionWords taken = OptionWords.parse(GRAMMAR, words);
      problems.addAll(taken.problems());
      problems.addAll(taken.noEmptyValues(GRAMMAR));
      taken.given().forEach(given -> options.put(given.flag(), given.value()));
      files.addAll(taken.operands());
      files.addAll(taken.behindDashes());
      Level level = level();
      format();
      boolean cluster = is(CLUSTER);
      sources(cluster);
      return new AuditArguments(
          files,
          cluster,
          options.getOrDefault(KUBECONFIG, ""),
          options.getOrDefault(CONTEXT, ""),
          options.getOrDefault(NAMESPACE, ""),
          options.getOrDefault(FORMAT, FORMATS.getFirst()),
          level,
          is(FAIL),
          problems);
    }

    private boolean is(String flag) {
      String value = options.getOrDefault(flag, "false");
      if (!value.equals("true") && !value.equals("false")) {
        problems.add(
            Problem.usage(
                "Option " + flag + " is \"" + value + "\".",
                "It must be \"true\" or \"false\", or just " + flag + "."));
      }
      return value.equals("true");
    }

    private void format() {
      check(FORMAT, FORMATS);
    }

    private Level level() {
      check(LEVEL, LEVELS);
      String asked = options.getOrDefault(LEVEL, "");
      return Stream.of(Level.values())
          .filter(each -> each.id().equals(asked))
          .findAny()
          .orElse(Level.EQUIVALENT);
    }

    private void check(String flag, List<String> accepted) {
      String value = options.getOrDefault(flag, accepted.getFirst());
      if (!value.isEmpty() && !accepted.contains(value)) {
        problems.add(
            Problem.usage(
                "Option " + flag + " is \"" + value + "\".",
                accepted.stream()
                    .map(each -> "\"" + each + "\"")
                    .collect(Collectors.joining(", ", "It can be ", "."))));
      }
    }

    private void sources(boolean cluster) {
      if (cluster && !files.isEmpty()) {
        problems.add(
            Problem.usage(
                "Command audit has --cluster and files: " + String.join(" ", files) + ".",
                "Read one or the other; write --namespace N to read one namespace."));
      }
      for (String flag : OF_CLUSTER) {
        if (!cluster && options.containsKey(flag)) {
          problems.add(
              Problem.usage(
                  "Option " + flag + " is about a cluster, and none is to be read.",
                  "Add --cluster, or leave it out."));
        }
      }
      if (!cluster && files.isEmpty()) {
        problems.add(
            Problem.usage(
                "Command audit has nothing to read.",
                "Name files or directories, - for standard input (kubectl get pods -A -o json |"
                    + " smartagent audit -), or --cluster."));
      }
    }
  }
}
