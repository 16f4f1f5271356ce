package io.smartagent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes apart the words behind a command, and collects everything that is wrong with them.
 *
 * <p>No library: picocli alone takes 80 ms with an AOT cache, where an empty JVM takes 30 ms, and
 * this is on the path to execve.
 */
public final class ArgumentParser {

  /** What {@code --format} accepts, unless a command has its own formats. */
  public static final List<String> TEXT_OR_JSON = List.of("text", "json");

  private static final String DASHES = "--";

  private final Grammar grammar;
  private final List<String> words;
  private final List<Given> given = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private boolean help;
  private boolean emptyAreRefused;
  private int next;

  private ArgumentParser(Grammar grammar, List<String> words) {
    this.grammar = grammar;
    this.words = words;
  }

  /**
   * An option that was given.
   *
   * @param flag as it is written
   * @param value behind it; {@code true} where none is needed and none was given
   */
  public record Given(String flag, String value) {}

  /**
   * What a command takes.
   *
   * @param command its name
   * @param arguments the value of each option, as help shows it; empty without one
   * @param lists those options that take all words up to the next option
   * @param dashes whether {@code --} ends the options
   */
  public record Grammar(
      String command, Map<String, String> arguments, Set<String> lists, boolean dashes) {}

  /** Parses the arguments of a command. */
  public static ArgumentParser parse(Grammar grammar, List<String> words) {
    ArgumentParser parser = new ArgumentParser(grammar, words);
    parser.parse();
    return parser;
  }

  private void parse() {
    while (next < words.size()) {
      String word = words.get(next++);
      if (word.equals(DASHES) && grammar.dashes()) {
        break;
      }
      if (word.equals("--help") || word.equals("-h")) {
        help = true;
      } else if (word.startsWith("-") && !word.equals("-")) {
        option(word);
      } else {
        operands.add(word);
      }
    }
  }

  private void option(String word) {
    int equals = word.startsWith(DASHES) ? word.indexOf('=') : -1;
    String flag = equals < 0 ? word : word.substring(0, equals);
    String argument = grammar.arguments().get(flag);
    if (argument == null) {
      refuse(
          "Command " + grammar.command() + " has no option " + flag + ".",
          tryHelp() + Spelling.suggestion(flag, grammar.arguments().keySet()));
    } else if (equals >= 0) {
      give(flag, word.substring(equals + 1));
    } else if (argument.isEmpty()) {
      give(flag, "true");
    } else if (isValue()) {
      give(flag, words.get(next++));
    } else {
      refuseMissingValue(flag);
    }
    while (grammar.lists().contains(flag) && isValue()) {
      give(flag, words.get(next++));
    }
  }

  private void give(String flag, String value) {
    given.add(new Given(flag, value));
    values.put(flag, value);
  }

  private boolean isValue() {
    return next < words.size() && !words.get(next).startsWith(DASHES);
  }

  private String tryHelp() {
    return "Try " + grammar.command() + " --help.";
  }

  private void refuseMissingValue(String flag) {
    refuse(
        "Option " + flag + " has no value.",
        ("Write " + flag + " " + grammar.arguments().get(flag)).strip() + ".");
  }

  /** Adds something that is wrong with the words. */
  public void refuse(String fault, String remedy) {
    problems.add(Problem.usage(fault, remedy));
  }

  /**
   * Refuses all operands, of a command that takes none.
   *
   * @param remedy as a sentence and a blank; empty for none
   */
  public void refuseOperands(String remedy) {
    for (String operand : operands) {
      refuse(
          "Command " + grammar.command() + " takes no argument \"" + operand + "\".",
          remedy + tryHelp());
    }
  }

  /** Refuses options whose value is empty. */
  public void refuseEmptyValues() {
    emptyAreRefused = true;
    for (Given each : given) {
      if (each.value().isEmpty()) {
        refuseMissingValue(each.flag());
      }
    }
  }

  /** Returns the last value of an option; {@code otherwise} where it was not given. */
  public String value(String flag, String otherwise) {
    return values.getOrDefault(flag, otherwise);
  }

  /**
   * Returns the last value of an option, and refuses any but those of {@code accepted}.
   *
   * @param otherwise what is returned where it was not given
   */
  public String oneOf(String flag, List<String> accepted, String otherwise) {
    String value = value(flag, otherwise);
    boolean isRefused = value.isEmpty() && emptyAreRefused;
    if (isGiven(flag) && !isRefused && !accepted.contains(value)) {
      String separator = accepted.size() == 2 ? "\" or \"" : "\", \"";
      refuse(
          "Option " + flag + " is \"" + value + "\".",
          "It can be \"" + String.join(separator, accepted) + "\".");
    }
    return value;
  }

  /** Returns whether an option that needs no value was given, or with a value that is true. */
  public boolean isSet(String flag) {
    String value = value(flag, "false");
    Optional<Boolean> isSet = Booleans.parse(value);
    if (isSet.isEmpty()) {
      refuse(
          "Option " + flag + " is \"" + value + "\".",
          "It must be " + Booleans.ACCEPTED + ", or just " + flag + ".");
    }
    return isSet.orElse(false);
  }

  /** Returns whether an option was given. */
  public boolean isGiven(String flag) {
    return values.containsKey(flag);
  }

  /** Returns all options in their order, as often as they were given. */
  public List<Given> given() {
    return List.copyOf(given);
  }

  /** Returns the words that are no option and no option's value. */
  public List<String> operands() {
    return List.copyOf(operands);
  }

  /** Returns all words behind {@code --}, where the command takes it. */
  public List<String> behindDashes() {
    return List.copyOf(words.subList(next, words.size()));
  }

  /** Returns whether help was asked for. */
  public boolean help() {
    return help;
  }

  /** Returns everything that was found wrong so far. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
