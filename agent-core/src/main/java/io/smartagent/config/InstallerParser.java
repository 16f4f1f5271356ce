package io.smartagent.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Makes {@link InstallerSettings} of variables. Used only where there is an installer. */
final class InstallerParser {

  private static final String DEFAULT_PROGRAM = "/bin/start";
  private static final int SHA256_DIGITS = 64;
  private static final int MAX_TIMEOUT_SECONDS = 86_400;
  private static final int MAX_PORT = 65_535;

  private final Function<Option, String> values;
  private final List<Problem> problems;

  /**
   * @param values of the variables, the default where one is not set
   * @param problems where all that is wrong is added
   */
  InstallerParser(Function<Option, String> values, List<Problem> problems) {
    this.values = values;
    this.problems = problems;
  }

  /**
   * Returns the settings, with the default wherever a value is wrong.
   *
   * @param home where the installed agent is on the host
   * @return empty where the address of the script is not valid
   */
  Optional<InstallerSettings> parse(String home) {
    String url = values.apply(Option.INSTALLER_SCRIPT_URL);
    boolean known = checkUrl(url);
    InstallerSettings settings =
        new InstallerSettings(
            new DownloadSettings(
                new Secret(url),
                DownloadSettings.withoutSecrets(url),
                token(),
                skipCertificateCheck(),
                caFile(),
                sha256()),
            timeout(),
            always(),
            command(home));
    return known ? Optional.of(settings) : Optional.empty();
  }

  private void refuse(Option option, String found, String accepted) {
    problems.add(
        Problem.configuration(
            option.variable() + " is " + found + ".", "It must be " + accepted + "."));
  }

  private void refuse(Option option, String accepted) {
    refuse(option, '"' + values.apply(option) + '"', accepted);
  }

  private boolean checkUrl(String url) {
    try {
      URI uri = new URI(url);
      boolean fits =
          "https".equalsIgnoreCase(uri.getScheme())
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getPort() != 0
              && uri.getPort() <= MAX_PORT;
      if (fits) {
        return true;
      }
    } catch (URISyntaxException e) {
      // It is reported like any other invalid value: the exception's message contains all of it.
    }
    refuse(
        Option.INSTALLER_SCRIPT_URL,
        '"' + DownloadSettings.withoutSecrets(url) + '"',
        "https://HOST[:PORT]/PATH, without a user's name; a password goes into"
            + " SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN");
    return false;
  }

  /**
   * A Secret that was made from a file often ends with a newline, which is not part of the value.
   */
  private Optional<Secret> token() {
    String token = values.apply(Option.INSTALLER_DOWNLOAD_TOKEN).strip();
    if (token.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) <= ' ' || token.charAt(i) > '~') {
        refuse(
            Option.INSTALLER_DOWNLOAD_TOKEN,
            "not shown here",
            "printable ASCII without blanks, to be sent as \"Authorization: Bearer TOKEN\"");
        return Optional.empty();
      }
    }
    return Optional.of(new Secret(token));
  }

  /** The documented manifest sets it to whatever its template was given, which may be nothing. */
  private boolean skipCertificateCheck() {
    String text = values.apply(Option.INSTALLER_SKIP_CERT_CHECK);
    Optional<Boolean> value = Booleans.parse(text);
    if (value.isEmpty() && !text.isEmpty()) {
      refuse(Option.INSTALLER_SKIP_CERT_CHECK, Booleans.ACCEPTED);
    }
    return value.orElse(false);
  }

  private Optional<String> caFile() {
    String file = values.apply(Option.INSTALLER_CA_FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (!file.startsWith("/") || file.indexOf('\0') >= 0) {
      refuse(Option.INSTALLER_CA_FILE, "an absolute path in the container");
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private Optional<String> sha256() {
    String digest = values.apply(Option.INSTALLER_SHA256).strip().toLowerCase(Locale.ROOT);
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    boolean hexadecimal = digest.length() == SHA256_DIGITS;
    for (int i = 0; i < digest.length(); i++) {
      hexadecimal &= "0123456789abcdef".indexOf(digest.charAt(i)) >= 0;
    }
    if (!hexadecimal) {
      refuse(Option.INSTALLER_SHA256, "64 hexadecimal digits, as sha256sum prints them");
      return Optional.empty();
    }
    return Optional.of(digest);
  }

  private Duration timeout() {
    Optional<Long> seconds =
        Numbers.parse(values.apply(Option.INSTALLER_TIMEOUT_SECONDS), MAX_TIMEOUT_SECONDS);
    if (seconds.isEmpty() || seconds.get() < 1) {
      refuse(
          Option.INSTALLER_TIMEOUT_SECONDS,
          "a whole number of seconds from 1 to " + MAX_TIMEOUT_SECONDS);
    }
    return Duration.ofSeconds(seconds.orElse(1L));
  }

  private boolean always() {
    String value = values.apply(Option.INSTALLER_RUN);
    if (!value.equals("always") && !value.equals("changed")) {
      refuse(Option.INSTALLER_RUN, "\"changed\" or \"always\"");
    }
    return value.equals("always");
  }

  private List<String> command(String home) {
    String value = values.apply(Option.AGENT_COMMAND);
    if (value.isBlank()) {
      return List.of(home + DEFAULT_PROGRAM);
    }
    Optional<List<String>> words = Words.split(value);
    if (words.isEmpty() || !isProgram(words.get())) {
      refuse(
          Option.AGENT_COMMAND,
          "a program and its arguments, separated by blanks, those with blanks in them in quotes;"
              + " the program an absolute path of the host or one below \""
              + home
              + "\", without \"..\"");
      return List.of(home + DEFAULT_PROGRAM);
    }
    List<String> command = new ArrayList<>(words.get());
    if (!command.getFirst().startsWith("/")) {
      command.set(0, home + "/" + command.getFirst());
    }
    return command;
  }

  private static boolean isProgram(List<String> words) {
    if (words.isEmpty() || words.getFirst().isEmpty() || words.getFirst().endsWith("/")) {
      return false;
    }
    for (String word : words) {
      if (word.indexOf('\0') >= 0) {
        return false;
      }
    }
    return !List.of(words.getFirst().split("/", -1)).contains("..");
  }
}
