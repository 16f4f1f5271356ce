package io.smartagent.modules.applicationdiscovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of command lines before anybody sees them. Where it is in doubt it masks: a
 * word too many costs a reader little.
 */
final class SecretMask {

  /** What is printed in the place of a secret. */
  static final String MASK = "***";

  /** An option's name without separators that contains one of these has a secret for its value. */
  private static final List<String> SECRET_PARTS =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "passcode",
          "secret",
          "token",
          "apikey",
          "accesskey",
          "accountkey",
          "signature",
          "privatekey",
          "credential",
          "requirepass",
          "masterauth",
          "connectionstring",
          "authkey",
          "encryptionkey",
          "signingkey",
          "licensekey",
          "authorization");

  /** An option's name of which one word is one of these has a secret for its value. */
  private static final Set<String> SECRET_WORDS =
      Set.of("pass", "pw", "pwd", "auth", "pin", "passin", "passout", "cookie", "bearer", "sig");

  /** An option's name that ends so has the place of a secret for its value, and no secret. */
  private static final Set<String> PLACES = Set.of("file", "path", "dir", "directory");

  private static final Pattern NAME_BEFORE_VALUE =
      Pattern.compile(
          "(?<![\\w.-])(-{0,2}[A-Za-z_][\\w.-]{0,80})\\\\{0,3}[\"']?\\s{0,4}[=:]\\s{0,4}");

  private static final Pattern OPTION_BEFORE_VALUE =
      Pattern.compile("(?<!\\S)(--?[A-Za-z][\\w.-]{0,80})\\s{1,4}");

  /** Quotes end where they are not escaped; without quotes a value may hold any sign. */
  private static final Pattern VALUE =
      Pattern.compile(
          "\\\\{0,3}(?:\"(?:[^\"\\\\]|\\\\.)*+\"?|'(?:[^'\\\\]|\\\\.)*+'?)|\\S+", Pattern.DOTALL);

  /** To the end of its line: it may hold many values, and quotes. */
  private static final Pattern HEADER =
      Pattern.compile(
          "(authorization|cookie)(\\\\{0,3}[\"']?\\s{0,4}[:=]\\s{0,4})[^\\n]++",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern WHOLE_OPTION =
      Pattern.compile("(-{0,2}[A-Za-z_][\\w.:-]{0,120})=(.*)", Pattern.DOTALL);

  private static final Pattern OPTION = Pattern.compile("--?[A-Za-z_][\\w.:-]{0,120}");

  /** Up to the last at sign before the path: a password may hold one. */
  private static final Pattern URL_PASSWORD =
      Pattern.compile("(://[^\\s/:@?#]{0,256}):[^\\s/]{0,1024}@");

  /** Of a URL without a user's name, or with a token in its place. */
  private static final Pattern URL_TOKEN = Pattern.compile("(://)[^\\s/:@?#]{20,1024}@");

  /** Secrets that show by themselves what they are. */
  private static final Pattern KNOWN_SHAPES =
      Pattern.compile(
          "eyJ[\\w-]{8,2048}+\\.[\\w-]++(?:\\.[\\w-]*+)?" // JWT: RFC 7519
              + "|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[a-z]-[\\w-]{10,}"
              + "|(?:AKIA|ASIA)[0-9A-Z]{16}|sk-[\\w-]{20,}|dt0c01\\.[\\w.]{20,}|npm_\\w{30,}"
              + "|AIza[\\w-]{30,}|hv[sb]\\.[\\w-]{20,}"
              + "|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*");

  private static final Pattern SCHEME_AND_TOKEN =
      Pattern.compile(
          "\\b(Bearer|Basic|Digest|Negotiate)(\\s+)[^\\s\"']+", Pattern.CASE_INSENSITIVE);

  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NO_WORD = Pattern.compile("[^A-Za-z0-9]+");

  /** A word of a shell's script, quotes and all, and what ends a command. */
  private static final Pattern SHELL_WORD = Pattern.compile("[;&|()`\n]+|[^\\s;&|()`]+");

  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_]\\w*=.*");

  /** What stands before a command without being one. */
  private static final Set<String> PREFIXES =
      Set.of("exec", "env", "sudo", "time", "nohup", "command", "then", "do", "else", "if", "!");

  /** Of JDBC's thin driver: {@code jdbc:oracle:thin:USER/PASSWORD@}. */
  private static final Pattern ORACLE_URL =
      Pattern.compile("(jdbc:oracle:[a-z0-9]{1,16}:[^/\\s@]{1,128}/)[^\\s@]{1,256}@");

  /**
   * More of an argument is never told, and looking for secrets in it takes time on the module's own
   * thread.
   */
  private static final int LONGEST = 6144;

  /** As many characters at the end of what was cut may be the first half of a secret. */
  private static final int UNSURE = 2048;

  private static final int LONGEST_TOGETHER = 2 * LONGEST;
  private static final String ELLIPSIS = "…";

  private SecretMask() {}

  /**
   * Returns the arguments with {@link #MASK} in the place of every secret that is recognised. What
   * is longer than some thousand characters is cut.
   */
  static List<String> mask(List<String> arguments) {
    List<String> masked = new ArrayList<>(arguments.size());
    CommandWords words =
        new CommandWords(arguments.isEmpty() ? "" : baseName(arguments.getFirst()));
    boolean secretNext = false;
    int characters = 0;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (characters > LONGEST_TOGETHER) {
        masked.add(ELLIPSIS);
        return masked;
      }
      characters += Math.min(LONGEST, argument.length());
      String byPlace = i == 0 ? null : words.masked(argument);
      if (secretNext && !argument.startsWith("--")) {
        masked.add(MASK);
        secretNext = false;
      } else {
        secretNext = i > 0 && OPTION.matcher(argument).matches() && isSecret(argument);
        masked.add(byPlace != null ? byPlace : one(argument));
      }
    }
    return masked;
  }

  private static String one(String argument) {
    if (argument.length() <= LONGEST) {
      return whole(argument);
    }
    String start = whole(argument.substring(0, LONGEST));
    return start.substring(0, Math.max(0, start.length() - UNSURE)) + ELLIPSIS;
  }

  private static String whole(String argument) {
    Matcher option = WHOLE_OPTION.matcher(argument);
    if (option.matches() && isSecret(option.group(1))) {
      return option.group(1) + "=" + MASK;
    }
    return inText(inScript(argument));
  }

  /** Masks what commands in a text hide by its place, as in {@code sh -c "mysql -pSECRET"}. */
  private static String inScript(String text) {
    if (text.indexOf(' ') < 0 && text.indexOf('\n') < 0) {
      return text;
    }
    Matcher word = SHELL_WORD.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    CommandWords words = null;
    int copied = 0;
    while (word.find()) {
      String plain = unquoted(word.group());
      if (";&|()`\n".indexOf(word.group().charAt(0)) >= 0) {
        words = null;
      } else if (words != null) {
        String masked = words.masked(plain);
        if (masked != null) {
          result.append(text, copied, word.start()).append(masked);
          copied = word.end();
        }
      } else if (!PREFIXES.contains(plain) && !ASSIGNMENT.matcher(plain).matches()) {
        words = new CommandWords(baseName(plain));
      }
    }
    return result.append(text, copied, text.length()).toString();
  }

  private static String unquoted(String word) {
    int start = word.startsWith("'") || word.startsWith("\"") ? 1 : 0;
    int end = word.length();
    return end > start + 1 && (word.endsWith("'") || word.endsWith("\""))
        ? word.substring(start, end - 1)
        : word.substring(start);
  }

  /** Masks within text of any kind, such as the script of {@code sh -c} or a title. */
  private static String inText(String text) {
    String masked = KNOWN_SHAPES.matcher(text).replaceAll(MASK);
    masked = URL_PASSWORD.matcher(masked).replaceAll("$1:" + MASK + "@");
    masked = ORACLE_URL.matcher(masked).replaceAll("$1" + MASK + "@");
    masked = URL_TOKEN.matcher(masked).replaceAll("$1" + MASK + "@");
    masked = HEADER.matcher(masked).replaceAll("$1$2" + MASK);
    masked = SCHEME_AND_TOKEN.matcher(masked).replaceAll("$1$2" + MASK);
    masked = values(masked, NAME_BEFORE_VALUE);
    return values(masked, OPTION_BEFORE_VALUE);
  }

  /** The value of a name that is no secret's is looked at too: it may hold another name. */
  private static String values(String text, Pattern nameBeforeValue) {
    Matcher name = nameBeforeValue.matcher(text);
    Matcher value = VALUE.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    int copied = 0;
    int from = 0;
    while (from <= text.length() && name.find(from)) {
      from = name.end();
      if (isSecret(name.group(1)) && value.region(from, text.length()).lookingAt()) {
        result.append(text, copied, from).append(MASK);
        from = value.end();
        copied = from;
      }
    }
    return result.append(text, copied, text.length()).toString();
  }

  private static boolean isSecret(String name) {
    String[] words = NO_WORD.split(CAMEL.matcher(name).replaceAll("-"), -1);
    StringBuilder joined = new StringBuilder(name.length());
    boolean secretWord = false;
    String last = "";
    for (String word : words) {
      String lower = word.toLowerCase(Locale.ROOT);
      joined.append(lower);
      secretWord |= SECRET_WORDS.contains(lower);
      last = lower.isEmpty() ? last : lower;
    }
    if (PLACES.contains(last)) {
      return false;
    }
    return secretWord || SECRET_PARTS.stream().anyMatch(part -> joined.indexOf(part) >= 0);
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
