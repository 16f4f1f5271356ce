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
      Set.of("pass", "pw", "pwd", "auth", "pin", "passin", "passout", "cookie", "bearer");

  /** An option's name that ends so has the place of a secret for its value, and no secret. */
  private static final Set<String> PLACES = Set.of("file", "path", "dir", "directory");

  /** Programs whose {@code -pSECRET}, in one word, is a password whatever it looks like. */
  private static final Pattern JOINED_P =
      Pattern.compile("(?:mysql|mariadb)[a-z_-]*|sshpass|7z[a-z]*|rar|zip|unzip");

  /** Programs with an option of one letter before a secret of its own word. */
  private static final Pattern SEPARATE_P =
      Pattern.compile("sshpass|mongo[a-z]*|docker|podman|nerdctl|helm|oc|az|sqlplus|smbclient");

  private static final Pattern SEPARATE_A = Pattern.compile("(?:redis|valkey|keydb)-[a-z]+");
  private static final Pattern SEPARATE_W = Pattern.compile("ldap[a-z]+");
  private static final Pattern USER_AND_PASSWORD =
      Pattern.compile("curl|wget|http|https|smbclient");

  private static final Pattern NAME_BEFORE_VALUE =
      Pattern.compile("(?<![\\w.-])(-{0,2}[A-Za-z_][\\w.-]{0,80})[\"']?\\s{0,4}[=:]\\s{0,4}");

  private static final Pattern OPTION_BEFORE_VALUE =
      Pattern.compile("(?<!\\S)(--?[A-Za-z][\\w.-]{0,80})\\s{1,4}");

  private static final Pattern VALUE = Pattern.compile("\"[^\"]*\"?|'[^']*'?|[^\\s&\"']+");

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
          "eyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)?" // JWT: RFC 7519
              + "|gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[a-z]-[\\w-]{10,}"
              + "|(?:AKIA|ASIA)[0-9A-Z]{16}|sk-[\\w-]{20,}|dt0c01\\.[\\w.]{20,}|npm_\\w{30,}"
              + "|AIza[\\w-]{30,}|hv[sb]\\.[\\w-]{20,}"
              + "|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*");

  private static final Pattern SCHEME_AND_TOKEN =
      Pattern.compile(
          "\\b(Bearer|Basic|Digest|Negotiate)(\\s+)[^\\s\"']+", Pattern.CASE_INSENSITIVE);

  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NO_WORD = Pattern.compile("[^A-Za-z0-9]+");

  /** What -p is followed by where it is no password: a port, a range, another word. */
  private static final Pattern PLAIN = Pattern.compile("[0-9:./,-]*|[a-z-]*");

  private SecretMask() {}

  /** Returns the arguments with {@link #MASK} in the place of every secret that is recognised. */
  static List<String> mask(List<String> arguments) {
    List<String> masked = new ArrayList<>(arguments.size());
    String program = arguments.isEmpty() ? "" : baseName(arguments.getFirst());
    boolean secretNext = false;
    boolean userNext = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (secretNext && !argument.startsWith("--")) {
        masked.add(MASK);
        secretNext = false;
        continue;
      }
      if (userNext) {
        masked.add(afterColon(argument));
        userNext = false;
        continue;
      }
      secretNext =
          i > 0
              && ((OPTION.matcher(argument).matches() && isSecret(argument))
                  || takesSecret(program, argument));
      userNext =
          USER_AND_PASSWORD.matcher(program).matches()
              && (argument.equals("-u")
                  || argument.equals("-U")
                  || argument.equals("--user")
                  || argument.equals("--proxy-user"));
      masked.add(i == 0 ? inText(argument) : one(program, argument));
    }
    return masked;
  }

  private static boolean takesSecret(String program, String option) {
    return switch (option) {
      case "-p" -> SEPARATE_P.matcher(program).matches();
      case "-a" -> SEPARATE_A.matcher(program).matches();
      case "-w" -> SEPARATE_W.matcher(program).matches();
      default -> false;
    };
  }

  private static String one(String program, String argument) {
    Matcher option = WHOLE_OPTION.matcher(argument);
    if (option.matches() && isSecret(option.group(1))) {
      return option.group(1) + "=" + MASK;
    }
    if (argument.startsWith("-p") && argument.length() > 2 && !argument.contains("=")) {
      String rest = argument.substring(2);
      if (JOINED_P.matcher(program).matches() || !PLAIN.matcher(rest).matches()) {
        return "-p" + MASK;
      }
    }
    return inText(argument);
  }

  /** Masks within text of any kind, such as the script of {@code sh -c} or a title. */
  private static String inText(String text) {
    String masked = KNOWN_SHAPES.matcher(text).replaceAll(MASK);
    masked = URL_PASSWORD.matcher(masked).replaceAll("$1:" + MASK + "@");
    masked = URL_TOKEN.matcher(masked).replaceAll("$1" + MASK + "@");
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

  private static String afterColon(String userAndPassword) {
    int separator = userAndPassword.indexOf(':');
    if (separator < 0) {
      separator = userAndPassword.indexOf('%');
    }
    return separator < 0 ? userAndPassword : userAndPassword.substring(0, separator + 1) + MASK;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
