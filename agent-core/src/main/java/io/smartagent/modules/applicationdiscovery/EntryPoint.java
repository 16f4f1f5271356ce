package io.smartagent.modules.applicationdiscovery;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to find, in a language runtime's command line, what it runs: a main class, an archive, a
 * module or a script. That is the first argument that is no option, and belongs to none.
 *
 * @param withValue options that have their value in the next argument
 * @param thenEntry options whose next argument is what is run
 * @param without options after which there is no file that is run
 * @param subcommands words before what is run
 * @param clusters whether flags of one letter may share a word, as in {@code python -um module}
 */
record EntryPoint(
    Set<String> withValue,
    Set<String> thenEntry,
    Set<String> without,
    Set<String> subcommands,
    boolean clusters) {

  /** java(1): a main class, {@code -jar}, {@code -m}. */
  static final EntryPoint JAVA =
      of(
          Set.of(
              "-cp",
              "-classpath",
              "--class-path",
              "-p",
              "--module-path",
              "--upgrade-module-path",
              "--add-modules",
              "--add-exports",
              "--add-opens",
              "--add-reads",
              "--limit-modules",
              "--patch-module",
              "--source",
              "-d",
              "--describe-module",
              "--enable-native-access",
              "--illegal-native-access"),
          Set.of("-jar", "-m", "--module"),
          Set.of());

  /** node(1). */
  static final EntryPoint NODE =
      of(
          Set.of(
              "-r",
              "--require",
              "--import",
              "--loader",
              "--experimental-loader",
              "-C",
              "--conditions",
              "--env-file",
              "--title",
              "--cpu-prof-dir",
              "--diagnostic-dir",
              "--icu-data-dir",
              "--openssl-config",
              "--redirect-warnings",
              "--report-dir",
              "--report-directory",
              "--report-filename",
              "--input-type"),
          Set.of(),
          Set.of("-e", "--eval", "-p", "--print", "-pe", "-i", "--interactive"));

  /** python(1): a script, or a module after {@code -m}. */
  static final EntryPoint PYTHON =
      new EntryPoint(
          Set.of("-W", "-X", "--check-hash-based-pycs"),
          Set.of("-m"),
          Set.of("-c", "-"),
          Set.of(),
          true);

  /** ruby(1). */
  static final EntryPoint RUBY = of(Set.of("-r", "-I", "-C", "-E"), Set.of(), Set.of("-e", "-"));

  /** php(1): a script, also after {@code -f}. */
  static final EntryPoint PHP =
      of(
          Set.of("-c", "-d", "-z", "-S", "-t", "-B", "-E"),
          Set.of("-f", "--file"),
          Set.of("-r", "-R", "-a"));

  /** perl(1). */
  static final EntryPoint PERL = of(Set.of("-I"), Set.of(), Set.of("-e", "-E", "-"));

  /** deno: a script after {@code run}, {@code serve} or {@code test}. */
  static final EntryPoint DENO =
      new EntryPoint(
          Set.of("-c", "--config", "--import-map", "--port", "--host", "-L", "--log-level"),
          Set.of(),
          Set.of("eval", "repl"),
          Set.of("run", "serve", "test"),
          false);

  /** dotnet: an assembly, also after {@code exec}. */
  static final EntryPoint DOTNET =
      new EntryPoint(
          Set.of(
              "--runtimeconfig",
              "--depsfile",
              "--additionalprobingpath",
              "--fx-version",
              "--roll-forward",
              "--additional-deps"),
          Set.of(),
          Set.of(),
          Set.of("exec"),
          false);

  private static EntryPoint of(Set<String> withValue, Set<String> thenEntry, Set<String> without) {
    return new EntryPoint(withValue, thenEntry, without, Set.of(), false);
  }

  /** Returns what the runtime runs, as its command line has it; null where that cannot be told. */
  @Nullable String find(List<String> options) {
    for (int i = 0; i < options.size(); i++) {
      String option = flag(options.get(i));
      String next = i + 1 < options.size() ? options.get(i + 1) : null;
      int equals = option.indexOf('=');
      if (without.contains(option)) {
        return null;
      }
      if (thenEntry.contains(option) || option.equals("--")) {
        return next;
      }
      if (clusters && option.startsWith("-m") && option.length() > 2) {
        return option.substring(2);
      }
      if (equals > 0 && thenEntry.contains(option.substring(0, equals))) {
        return option.substring(equals + 1);
      }
      if (withValue.contains(option)) {
        i++;
      } else if (isFile(option) && !subcommands.contains(option)) {
        return option;
      }
    }
    return null;
  }

  private static boolean isFile(String option) {
    return !option.isEmpty() && !option.startsWith("-") && !option.startsWith("@");
  }

  /** Of flags that share a word only the last one can have a value in the next. */
  private String flag(String option) {
    boolean cluster =
        clusters
            && option.length() > 2
            && option.charAt(0) == '-'
            && option.chars().skip(1).allMatch(Character::isLetter)
            && !option.startsWith("-W")
            && !option.startsWith("-X")
            && !option.startsWith("-c")
            && !option.startsWith("-m");
    return cluster ? "-" + option.charAt(option.length() - 1) : option;
  }
}
