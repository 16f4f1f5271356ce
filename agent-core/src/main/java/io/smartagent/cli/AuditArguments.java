package io.smartagent.cli;

import io.smartagent.config.ArgumentParser;
import io.smartagent.config.Command;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.audit.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param level from which a container is reported
 * @param fail whether to end with another exit code where any is reported
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

  private static final ArgumentParser.Grammar GRAMMAR =
      new ArgumentParser.Grammar(
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
    ArgumentParser arguments = ArgumentParser.parse(GRAMMAR, words);
    arguments.refuseEmptyValues();
    List<String> files = new ArrayList<>(arguments.operands());
    files.addAll(arguments.behindDashes());
    Level level = level(arguments.oneOf(LEVEL, LEVELS, ""));
    String format = arguments.oneOf(FORMAT, FORMATS, FORMATS.getFirst());
    boolean cluster = arguments.isSet(CLUSTER);
    checkSources(arguments, cluster, files);
    boolean fail = arguments.isSet(FAIL);
    return new AuditArguments(
        files,
        cluster,
        arguments.value(KUBECONFIG, ""),
        arguments.value(CONTEXT, ""),
        arguments.value(NAMESPACE, ""),
        format,
        level,
        fail,
        arguments.problems());
  }

  private static Level level(String id) {
    for (Level level : Level.values()) {
      if (level.id().equals(id)) {
        return level;
      }
    }
    return Level.EQUIVALENT;
  }

  private static void checkSources(ArgumentParser arguments, boolean cluster, List<String> files) {
    if (cluster && !files.isEmpty()) {
      arguments.refuse(
          "Command audit has --cluster and files: " + String.join(" ", files) + ".",
          "Read one or the other; write --namespace N to read one namespace.");
    }
    for (String flag : OF_CLUSTER) {
      if (!cluster && arguments.isGiven(flag)) {
        arguments.refuse(
            "Option " + flag + " is about a cluster, and none is to be read.",
            "Add --cluster, or leave it out.");
      }
    }
    if (!cluster && files.isEmpty()) {
      arguments.refuse(
          "Command audit has nothing to read.",
          "Name files or directories, - for standard input (kubectl get pods -A -o json |"
              + " smartagent audit -), or --cluster.");
    }
  }
}
