package io.smartagent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words behind a command, taken apart: each option with its value, and what is no option.
 *
 * @param given options in their order, as often as they were given
 * @param operands words that are no option and no option's value
 * @param behindDashes all words behind {@code --}, where the command takes it
 * @param help whether help was asked for
 * @param problems everything that is wrong with the options
 */
public record OptionWords(
    List<Given> given,
    List<String> operands,
    List<String> behindDashes,
    boolean help,
    List<Problem> problems) {

  private static final String DASHES = "--";

  /** Copies the lists. */
  public OptionWords {
    given = List.copyOf(given);
    operands = List.copyOf(operands);
    behindDashes = List.copyOf(behindDashes);
    problems = List.copyOf(problems);
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
   * @param arguments what stands behind each option, as help shows it; empty where nothing does
   * @param lists those options that take all words up to the next option
   * @param dashes whether {@code --} ends the options
   */
  public record Grammar(
      String command, Map<String, String> arguments, Set<String> lists, boolean dashes) {

    private Problem noValue(String flag) {
      return Problem.usage(
          "Option " + flag + " has no value.",
          ("Write " + flag + " " + arguments.get(flag)).strip() + ".");
    }
  }

  /** Takes apart what stands behind a command. */
  public static OptionWords parse(Grammar grammar, List<String> words) {
    return new Parser(grammar, words).parse();
  }

  /** Returns what is wrong with the operands of a command that takes none. */
  public static List<Problem> noOperands(String command, List<String> operands, String remedy) {
    List<Problem> problems = new ArrayList<>();
    for (String operand : operands) {
      problems.add(
          Problem.usage(
              "Command " + command + " takes no argument \"" + operand + "\".",
              remedy + "Try " + command + " --help."));
    }
    return problems;
  }

  /** Returns what is wrong with options whose value is empty, where none may be. */
  public List<Problem> noEmptyValues(Grammar grammar) {
    return given.stream()
        .filter(each -> each.value().isEmpty())
        .map(each -> grammar.noValue(each.flag()))
        .toList();
  }

  /** Returns what is wrong with the value of {@code --format}, where it is neither of two. */
  public static List<Problem> notTextOrJson(String format) {
    return format.equals("text") || format.equals("json")
        ? List.of()
        : List.of(
            Problem.usage(
                "Option --format is \"" + format + "\".", "It can be \"text\" or \"json\"."));
  }

  /** Takes words one by one. */
  private static final class Parser {

    private final Grammar grammar;
    private final List<String> words;
    private final List<Given> given = new ArrayList<>();
    private final List<String> operands = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private boolean help;
    private int next;

    Parser(Grammar grammar, List<String> words) {
      this.grammar = grammar;
      this.words = words;
    }

    OptionWords parse() {
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
      return new OptionWords(given, operands, words.subList(next, words.size()), help, problems);
    }

    private void option(String word) {
      int equals = word.startsWith(DASHES) ? word.indexOf('=') : -1;
      String flag = equals < 0 ? word : word.substring(0, equals);
      String argument = grammar.arguments().get(flag);
      if (argument == null) {
        problems.add(unknown(flag));
      } else if (equals >= 0) {
        given.add(new Given(flag, word.substring(equals + 1)));
      } else if (argument.isEmpty()) {
        given.add(new Given(flag, "true"));
      } else if (isValue()) {
        given.add(new Given(flag, words.get(next++)));
      } else {
        problems.add(grammar.noValue(flag));
      }
      while (grammar.lists().contains(flag) && isValue()) {
        given.add(new Given(flag, words.get(next++)));
      }
    }

    private boolean isValue() {
      return next < words.size() && !words.get(next).startsWith(DASHES);
    }

    private Problem unknown(String flag) {
      return Problem.usage(
          "Command " + grammar.command() + " has no option " + flag + ".",
          "Try "
              + grammar.command()
              + " --help."
              + Spelling.suggestion(flag, grammar.arguments().keySet()));
    }
  }
}
