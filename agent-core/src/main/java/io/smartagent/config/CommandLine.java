package io.smartagent.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words behind the program's name, taken apart but not yet understood.
 *
 * @param options that were given, with their values; a later one replaces an earlier one
 * @param format of the output, {@code text} where none was given
 * @param help whether help was asked for
 * @param program the command of {@code run} with its arguments; all words of a command that takes
 *     them apart by itself; empty for the others
 * @param problems everything that is wrong with it
 * @param assumptions the values of {@code --assume}, in the order in which they were given
 */
public record CommandLine(
    Map<Option, String> options,
    String format,
    boolean help,
    List<String> program,
    List<Problem> problems,
    List<String> assumptions) {

  private static final String FORMAT = "--format";
  private static final String ASSUME = "--assume";

  /** Parses the arguments of {@code command}. */
  public static CommandLine parse(Command command, List<String> words) {
    if (command.takesOwnOptions()) {
      boolean help = words.contains("--help") || words.contains("-h");
      return new CommandLine(Map.of(), "text", help, List.copyOf(words), List.of(), List.of());
    }
    ArgumentParser arguments = ArgumentParser.parse(grammar(command), words);
    Map<Option, String> options = new EnumMap<>(Option.class);
    List<String> assumptions = new ArrayList<>();
    for (ArgumentParser.Given given : arguments.given()) {
      if (given.flag().equals(ASSUME)) {
        assumptions.add(given.value());
      } else if (!given.flag().equals(FORMAT)) {
        options.put(Option.ofFlag(given.flag()).orElseThrow(), given.value());
      }
    }
    arguments.refuseOperands(command == Command.RUN ? "Write -- before the program to run. " : "");
    String format = arguments.oneOf(FORMAT, ArgumentParser.TEXT_OR_JSON, "text");
    if (command == Command.RUN && arguments.behindDashes().isEmpty() && !arguments.help()) {
      arguments.refuse(
          "Command run has nothing to run.", "Write it behind --: run [options] -- COMMAND.");
    }
    return new CommandLine(
        options,
        format,
        arguments.help(),
        arguments.behindDashes(),
        arguments.problems(),
        List.copyOf(assumptions));
  }

  private static ArgumentParser.Grammar grammar(Command command) {
    Map<String, String> arguments = new LinkedHashMap<>();
    if (command.takesLaunchOptions()) {
      for (Option option : Option.values()) {
        if (option.flag() != null) {
          arguments.put(option.flag(), option.argument() == null ? "" : option.argument());
        }
      }
    }
    if (command.takesFormat()) {
      arguments.put(FORMAT, "text|json");
    }
    if (command == Command.PLAN) {
      arguments.put(ASSUME, "KEY=VALUE");
    }
    return new ArgumentParser.Grammar(command.id(), arguments, Set.of(), command == Command.RUN);
  }
}
