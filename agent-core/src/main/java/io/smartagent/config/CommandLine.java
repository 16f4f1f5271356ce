package io.smartagent.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The words behind the program's name, taken apart but not yet understood.
 *
 * @param options that were given, with their values; a later one replaces an earlier one
 * @param format of the output, {@code text} where none was given
 * @param help whether help was asked for
 * @param program the command of {@code run} with its arguments, empty for the others
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

  /** Takes apart what stands behind {@code command}. */
  public static CommandLine parse(Command command, List<String> words) {
    Map<Option, String> options = new EnumMap<>(Option.class);
    List<Problem> problems = new ArrayList<>();
    List<String> assumptions = new ArrayList<>();
    List<String> program = List.of();
    String format = "text";
    boolean help = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--") && command == Command.RUN) {
        program = words.subList(i + 1, words.size());
        break;
      }
      if (word.equals("--help") || word.equals("-h")) {
        help = true;
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String flag = equals < 0 ? word : word.substring(0, equals);
      Optional<Option> option =
          command.takesLaunchOptions() ? Option.ofFlag(flag) : Optional.empty();
      boolean isFormat = command.takesFormat() && flag.equals(FORMAT);
      boolean isAssumption = command == Command.PLAN && flag.equals(ASSUME);
      if (option.isEmpty() && !isFormat && !isAssumption) {
        problems.add(unknown(command, word, flag));
        continue;
      }
      boolean wantsValue = isFormat || isAssumption || option.orElseThrow().argument() != null;
      String value = equals < 0 ? (wantsValue ? "" : "true") : word.substring(equals + 1);
      if (equals < 0 && wantsValue) {
        boolean missing = i + 1 == words.size() || words.get(i + 1).startsWith("--");
        if (missing) {
          String argument =
              isFormat ? "text|json" : isAssumption ? "KEY=VALUE" : option.orElseThrow().argument();
          problems.add(
              Problem.usage(
                  "Option " + flag + " has no value.", "Write " + flag + " " + argument + "."));
          continue;
        }
        value = words.get(++i);
      }
      if (isFormat) {
        format = value;
      } else if (isAssumption) {
        assumptions.add(value);
      } else {
        options.put(option.orElseThrow(), value);
      }
    }
    if (!format.equals("text") && !format.equals("json")) {
      problems.add(
          Problem.usage(
              "Option --format is \"" + format + "\".", "It can be \"text\" or \"json\"."));
    }
    if (command == Command.RUN && program.isEmpty() && !help) {
      problems.add(
          Problem.usage(
              "Command run has nothing to run.", "Write it behind --: run [options] -- COMMAND."));
    }
    return new CommandLine(
        options, format, help, List.copyOf(program), problems, List.copyOf(assumptions));
  }

  /** Returns the same words with more that is wrong with them. */
  public CommandLine withProblems(List<Problem> more) {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(more);
    return new CommandLine(options, format, help, program, all, assumptions);
  }

  private static Problem unknown(Command command, String word, String flag) {
    String remedy = "Try " + command.id() + " --help.";
    if (!word.startsWith("-")) {
      String fault = "Command " + command.id() + " takes no argument \"" + word + "\".";
      return Problem.usage(
          fault, command == Command.RUN ? "Write -- before the program to run. " + remedy : remedy);
    }
    List<String> known =
        Stream.concat(
                Stream.of(Option.values())
                    .filter(option -> command.takesLaunchOptions())
                    .flatMap(option -> Stream.ofNullable(option.flag())),
                Stream.concat(
                    Stream.of(FORMAT).filter(format -> command.takesFormat()),
                    Stream.of(ASSUME).filter(assume -> command == Command.PLAN)))
            .toList();
    return Problem.usage(
        "Command " + command.id() + " has no option " + flag + ".",
        (remedy + Spelling.suggestion(flag, known)).strip());
  }
}
