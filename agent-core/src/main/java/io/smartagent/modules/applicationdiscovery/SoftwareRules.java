package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.applicationdiscovery.Software.Role;
import io.smartagent.modules.applicationdiscovery.SoftwareCatalog.Product;
import io.smartagent.modules.applicationdiscovery.SoftwareCatalog.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells which software a process runs, by the rules of {@link SoftwareCatalog}. */
final class SoftwareRules {

  /** A dynamic loader that was called by its own name: what it loads is the program. */
  private static final Pattern LOADER =
      Pattern.compile("ld-(?:linux|musl)[\\w-]*\\.so(?:\\.\\d+)?");

  /**
   * One executable for many commands: which one it is, only the name tells that it was called by.
   */
  private static final Pattern MANY_IN_ONE = Pattern.compile("busybox|toybox|coreutils");

  private static final List<String> LOADER_OPTIONS_WITH_VALUE =
      List.of(
          "--library-path",
          "--argv0",
          "--preload",
          "--audit",
          "--inhibit-rpath",
          "--glibc-hwcaps-mask");

  private static final Pattern ELIXIR = Pattern.compile("-?elixir(?:\\b.*)?|.*/elixir/.*");

  /** A program without a file: memfd_create(2). Its name there says little. */
  private static final String MEMORY_FILE = "/memfd:";

  /** The longest name or entry point that is told. */
  private static final int LONGEST = 512;

  private SoftwareRules() {}

  /**
   * Returns what a process runs.
   *
   * @param executable the path of its executable; null where it cannot be read: then the command
   *     line, which a process may change at will, has to do
   * @param name its name (comm)
   */
  static Software of(@Nullable String executable, CommandLine commandLine, String name) {
    String program;
    List<String> options = commandLine.options();
    if (executable != null && !executable.startsWith(MEMORY_FILE)) {
      program = baseName(executable);
    } else if (executable != null) {
      program = name;
    } else if (!commandLine.program().isBlank()) {
      program = calledBy(commandLine.program());
    } else {
      program = name;
    }
    if (LOADER.matcher(program).matches()) {
      List<String> loaded = loaded(options);
      if (!loaded.isEmpty()) {
        program = baseName(loaded.getFirst());
        options = loaded.subList(1, loaded.size());
      }
    }
    if (MANY_IN_ONE.matcher(program).matches() && !commandLine.program().isBlank()) {
      return unrecognised(calledBy(commandLine.program()));
    }
    for (Program rule : SoftwareCatalog.PROGRAMS) {
      if (rule.executable().matcher(program).matches()) {
        return recognised(rule, program, options);
      }
    }
    return unrecognised(program);
  }

  private static Software unrecognised(String program) {
    return new Software(
        cut(program), null, null, null, VersionClues.NONE, VersionClues.NONE, Role.UNRECOGNISED);
  }

  private static Software recognised(Program rule, String program, List<String> options) {
    EntryPoint finder = rule.entryPoint();
    String entry = finder == null ? null : finder.find(options);
    Product product = product(rule, entry, options);
    boolean runtime = rule.product() == null;
    return new Software(
        cut(program),
        product == null ? rule.product() : product.name(),
        language(rule, options),
        entry == null ? null : cut(SecretMask.mask(List.of(entry)).getFirst()),
        product == null ? (runtime ? VersionClues.NONE : rule.clues()) : product.clues(),
        runtime ? rule.clues() : VersionClues.NONE,
        rule.role());
  }

  private static @Nullable Product product(
      Program rule, @Nullable String entry, List<String> options) {
    if (rule.language() == Language.ERLANG) {
      Pattern words = SoftwareCatalog.RABBITMQ.entryPoint();
      return options.stream().anyMatch(option -> words.matcher(option).matches())
          ? SoftwareCatalog.RABBITMQ
          : null;
    }
    if (entry != null) {
      for (Product candidate : SoftwareCatalog.PRODUCTS) {
        if (candidate.language() == rule.language()
            && candidate.entryPoint().matcher(entry).matches()) {
          return candidate;
        }
      }
    }
    return null;
  }

  /** Elixir runs on Erlang's virtual machine, which is told to load it. */
  private static @Nullable Language language(Program rule, List<String> options) {
    boolean elixir =
        rule.language() == Language.ERLANG
            && options.stream().anyMatch(option -> ELIXIR.matcher(option).matches());
    return elixir ? Language.ELIXIR : rule.language();
  }

  private static List<String> loaded(List<String> options) {
    int i = 0;
    while (i < options.size() && options.get(i).startsWith("--")) {
      i += LOADER_OPTIONS_WITH_VALUE.contains(options.get(i)) ? 2 : 1;
    }
    return i < options.size() ? options.subList(i, options.size()) : List.of();
  }

  /**
   * A title such as {@code nginx: master process} starts with the program's name; a login shell's
   * with a dash.
   */
  private static String calledBy(String title) {
    List<String> words = new ArrayList<>(List.of(title.strip().split("[\\s:]", 2)));
    String name = baseName(words.getFirst());
    return name.startsWith("-") && name.length() > 1 ? name.substring(1) : name;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
