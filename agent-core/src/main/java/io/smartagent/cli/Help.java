package io.smartagent.cli;

import io.smartagent.Version;
import io.smartagent.config.Command;
import io.smartagent.config.Variables;
import io.smartagent.kubernetes.audit.Level;
import io.smartagent.kubernetes.manifest.ManifestOption;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.Variable;
import io.smartagent.simulation.Simulation;
import java.util.List;

/** What {@code --help} prints, made from {@link Command} and {@link Variables}. */
public final class Help {

  private static final int COLUMN = 32;
  private static final int WIDTH = 80;

  private Help() {}

  /** Returns the help of the whole program. */
  public static String overview() {
    StringBuilder help = new StringBuilder();
    help.append("smartagent ").append(Version.current());
    help.append(": the entry point of a node agent's container.\n\n");
    help.append("It learns what its container may do, seals the host's root (at /mnt/root)\n");
    help.append("read-only, becomes a user of the host with the fewest capabilities, and runs\n");
    help.append("only the modules whose needs are met. Of every other one it reports what\n");
    help.append("blocks it.\n\n");
    help.append("Usage: smartagent COMMAND [options]\n\nCommands:\n");
    for (Command command : Command.values()) {
      help.append(row(command.id(), command.summary()));
    }
    help.append(row("--version", "print the version"));
    help.append("\nsmartagent COMMAND --help describes each.\n");
    help.append("\nExit codes: 64 usage, 69 unavailable, 70 internal error, 74 input or\n");
    help.append("output error, 77 not permitted, 78 configuration; of run, the command's own;\n");
    help.append("1 of audit --fail.\n");
    return help.toString();
  }

  /**
   * Returns the help of one command.
   *
   * @param modules that are built
   */
  public static String of(Command command, List<? extends ModuleDescriptor> modules) {
    StringBuilder help = new StringBuilder();
    help.append("Usage: smartagent ").append(command.id()).append(' ');
    help.append(command.synopsis()).append("\n\n");
    help.append(Character.toUpperCase(command.summary().charAt(0)));
    help.append(command.summary().substring(1)).append(".\n");
    if (command.takesLaunchOptions()) {
      appendOptions(help, Variables.of(modules).all());
    }
    if (command == Command.PLAN) {
      appendAssumptions(help);
    }
    if (command.takesFormat()) {
      help.append("\nOutput:\n").append(row("--format text|json", "for people or for programs"));
    }
    if (command == Command.AUDIT) {
      appendAudit(help);
    }
    if (command == Command.FLEET) {
      appendFleet(help);
    }
    if (command == Command.MANIFEST) {
      appendManifest(help);
    }
    help.append(exampleOf(command));
    return help.toString();
  }

  private static void appendOptions(StringBuilder help, List<Variable> variables) {
    help.append("\nOptions (the variable is used where the option is not given):\n");
    for (Variable option : variables) {
      if (option.flag() != null) {
        String argument = option.argument() == null ? "" : " " + option.argument();
        help.append(row(option.flag() + argument, option.help() + defaultOf(option)));
        help.append(row("", option.variable()));
      }
    }
    help.append("\nVariables:\n");
    for (Variable option : variables) {
      if (option.flag() == null) {
        help.append(row(option.variable(), option.help() + defaultOf(option)));
      }
    }
  }

  private static void appendAudit(StringBuilder help) {
    help.append("\nWhat to read:\n");
    help.append(row("FILE", "YAML or JSON, with any number of documents and lists"));
    help.append(row("DIRECTORY", "all *.yaml, *.yml and *.json files in it and below it"));
    help.append(row("-", "standard input"));
    help.append(row("--cluster", "all workloads of a cluster, from its API"));
    help.append("\nThe cluster (of KUBECONFIG, else of ~/.kube/config, else of this pod):\n");
    help.append(row("--kubeconfig FILE", "the file with its address and credentials"));
    help.append(row("--context NAME", "which context of that file"));
    help.append(row("--namespace NAME", "which namespace to read (all)"));
    help.append("\nOptions:\n");
    help.append(row("--format table|wide|json|sarif", "how to print what was found (table)"));
    help.append(row("--level LEVEL", "list containers of this level and worse (equivalent):"));
    for (Level level : Level.values()) {
      help.append(row("  " + level.id(), level.meaning()));
    }
    help.append(row("--fail", "end with exit code 1 where any container is listed"));
    help.append(
        "\nExit codes: 1 found (--fail); 78 a file or KUBECONFIG is not right; 77 a list\n");
    help.append("of the cluster may not be read; 69 it cannot be read.\n");
  }

  private static void appendFleet(StringBuilder help) {
    help.append("\nOptions:\n");
    help.append(row("--format text|json", "for people or for programs (text)"));
    help.append(
        row(
            "--kubeconfig FILE",
            "where the cluster is (KUBECONFIG, else ~/.kube/config, else"
                + " the ServiceAccount of this pod)"));
    help.append(row("--context NAME", "the context of that file (its current one)"));
  }

  private static void appendManifest(StringBuilder help) {
    help.append("\nOptions:\n");
    for (ManifestOption option : ManifestOption.values()) {
      String argument = option.argument() == null ? "" : " " + option.argument();
      String defaultText = option.defaultText().isEmpty() ? "" : " (" + option.defaultText() + ")";
      help.append(row(option.flag() + argument, option.help() + defaultText));
    }
  }

  private static void appendAssumptions(StringBuilder help) {
    help.append("\nOf a container that is not here:\n");
    help.append(
        row("--assume KEY=VALUE,...", "plan for such a container; may be given several times"));
    Simulation.keys().forEach((key, accepted) -> help.append(row("  " + key + "=", accepted)));
  }

  private static String defaultOf(Variable option) {
    return option.defaultText() == null || option.defaultText().isEmpty()
        ? ""
        : " (" + option.defaultText() + ")";
  }

  private static String exampleOf(Command command) {
    return switch (command) {
      case CONFIG -> "\nExample: smartagent config --user nobody --mode read-only\n";
      case RUN ->
          "\nExample: smartagent run --user nobody --capabilities none -- /opt/agent/start\n";
      case PROBE -> "\nExample: smartagent probe --format json\n";
      case PLAN -> "\nExample: smartagent plan --assume caps=docker+SYS_ADMIN,kernel=5.10\n";
      case STATUS -> "\nExample: smartagent status\n";
      case AUDIT -> "\nExample: kubectl get pods -A -o json | smartagent audit --fail -\n";
      case FLEET -> "\nExample: smartagent fleet --context production\n";
      case MANIFEST -> "\nExample: smartagent manifest --without SYS_ADMIN | kubectl apply -f -\n";
    };
  }

  /** A row of two columns; the right one is broken between words, so that it fits a terminal. */
  private static String row(String left, String right) {
    StringBuilder row = new StringBuilder("  ").append(left);
    int column = row.length();
    if (column >= COLUMN) {
      row.append('\n');
      column = 0;
    }
    row.append(" ".repeat(COLUMN - column));
    int at = COLUMN;
    for (String word : right.split(" ", -1)) {
      if (at > COLUMN && at + word.length() >= WIDTH) {
        row.append('\n').append(" ".repeat(COLUMN));
        at = COLUMN;
      }
      row.append(at == COLUMN ? "" : " ").append(word);
      at += word.length() + 1;
    }
    return row.append('\n').toString();
  }
}
