package io.smartagent.modules.applicationdiscovery;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the secrets that stand in a command line without a name that tells them: {@code -p} of one
 * program is the password that it is a port of another. Is given the words of one command in their
 * order.
 */
final class CommandWords {

  /** Programs whose {@code -pSECRET}, in one word, is a password whatever it looks like. */
  private static final Pattern JOINED_P =
      Pattern.compile("(?:mysql|mariadb)[a-z_-]*|sshpass|7z[a-z]*|rar|zip|unzip");

  /** Programs with an option of one letter before a secret of its own word. */
  private static final Pattern SEPARATE_P =
      Pattern.compile("sshpass|mongo[a-z]*|docker|podman|nerdctl|helm|oc|az|sqlplus|smbclient");

  private static final Pattern SEPARATE_CAPITAL_P =
      Pattern.compile("sqlcmd|osql|bcp|isql|tsql|ipmitool|zip|unzip|psftp");

  private static final Pattern SEPARATE_A = Pattern.compile("(?:redis|valkey|keydb)-[a-z]+");
  private static final Pattern SEPARATE_W = Pattern.compile("ldap[a-z]+");
  private static final Pattern SEPARATE_K = Pattern.compile("openssl");

  private static final Pattern USER_AND_PASSWORD =
      Pattern.compile("curl|wget|http|https|smbclient|etcdctl|ab|siege");

  private static final Set<String> USER_OPTIONS = Set.of("-u", "-U", "--user", "--proxy-user");

  private static final Pattern COOKIES = Pattern.compile("curl|http|https");
  private static final Set<String> COOKIE_OPTIONS = Set.of("-b", "--cookie");

  /** {@code USER/PASSWORD@DATABASE} is a word of its own. */
  private static final Pattern ORACLE =
      Pattern.compile("sqlplus|sqlldr|expdp|impdp|exp|imp|rman|tnsping|sqlcl");

  private static final Pattern ORACLE_LOGIN =
      Pattern.compile("([^/@\\s-][^/@\\s]*/)([^@\\s]+)(@.*)?");

  /** What is followed by a secret, or by a name and a secret. */
  private static final Set<String> SECRET_AFTER_VERB = Set.of("vault login", "vault unseal");

  private static final Set<String> SECRET_AFTER_NAME =
      Set.of(
          "rabbitmqctl add_user",
          "rabbitmqctl change_password",
          "rabbitmqctl authenticate_user",
          "net user");

  /** What -p is followed by where it is no password: a port, a range, another word. */
  private static final Pattern PLAIN = Pattern.compile("[0-9:./,-]*|[a-z-]*");

  private static final Pattern NUMBERS = Pattern.compile("[0-9]*:[0-9]*");

  private final String program;
  private boolean secretNext;
  private boolean userNext;
  private int wordsToSecret;

  /**
   * @param program the file name of the program that the words are given to
   */
  CommandWords(String program) {
    this.program = program;
  }

  /** Returns what is shown in the place of the next word; null where it may be shown. */
  @Nullable String masked(String word) {
    if (secretNext && !word.startsWith("--")) {
      secretNext = false;
      return SecretMask.MASK;
    }
    if (userNext) {
      userNext = false;
      return afterSeparator(word);
    }
    if (wordsToSecret > 0 && !word.startsWith("-") && --wordsToSecret == 0) {
      return SecretMask.MASK;
    }
    secretNext =
        takesSecret(word) || (COOKIE_OPTIONS.contains(word) && COOKIES.matcher(program).matches());
    userNext = USER_OPTIONS.contains(word) && USER_AND_PASSWORD.matcher(program).matches();
    if (SECRET_AFTER_VERB.contains(program + " " + word)) {
      wordsToSecret = 1;
    } else if (SECRET_AFTER_NAME.contains(program + " " + word)) {
      wordsToSecret = 2;
    }
    return joined(word);
  }

  private boolean takesSecret(String option) {
    return switch (option) {
      case "-p" -> SEPARATE_P.matcher(program).matches();
      case "-P" -> SEPARATE_CAPITAL_P.matcher(program).matches();
      case "-a" -> SEPARATE_A.matcher(program).matches();
      case "-w" -> SEPARATE_W.matcher(program).matches();
      case "-k", "-K" -> SEPARATE_K.matcher(program).matches();
      default -> false;
    };
  }

  /** A secret that shares its word with an option, or with a user. */
  private @Nullable String joined(String word) {
    if (word.startsWith("-p") && word.length() > 2 && word.indexOf('=') < 0) {
      String rest = word.substring(2);
      if (JOINED_P.matcher(program).matches() || !PLAIN.matcher(rest).matches()) {
        return "-p" + SecretMask.MASK;
      }
    }
    for (String option : USER_OPTIONS) {
      String before = option.startsWith("--") ? option + "=" : option;
      boolean known = option.startsWith("--") || USER_AND_PASSWORD.matcher(program).matches();
      String rest = word.startsWith(before) ? word.substring(before.length()) : "";
      if (known && rest.indexOf(':') >= 0 && !NUMBERS.matcher(rest).matches()) {
        return before + afterSeparator(rest);
      }
    }
    var login = ORACLE_LOGIN.matcher(word);
    if (ORACLE.matcher(program).matches() && login.matches()) {
      String after = login.group(3);
      return login.group(1) + SecretMask.MASK + (after == null ? "" : after);
    }
    return null;
  }

  private static String afterSeparator(String userAndPassword) {
    int separator = userAndPassword.indexOf(':');
    if (separator < 0) {
      separator = userAndPassword.indexOf('%');
    }
    return separator < 0
        ? userAndPassword
        : userAndPassword.substring(0, separator + 1) + SecretMask.MASK;
  }
}
