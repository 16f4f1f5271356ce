package io.smartagent.integration.machine;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of capabilities, as other programs than ours write them: {@code CAP_SYSLOG}, sorted. */
public final class Capabilities {

  /** What the documentation gives to the container. */
  public static final List<String> DOCUMENTED =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "SYS_RESOURCE",
          "SYS_CHROOT",
          "SYS_ADMIN",
          "SYSLOG",
          "NET_ADMIN",
          "NET_RAW",
          "NET_BROADCAST",
          "KILL",
          "SETFCAP",
          "SETGID",
          "SETUID",
          "SYS_PTRACE");

  private static final Pattern NAME = Pattern.compile("cap_[a-z_]+");
  private static final Map<String, Set<String>> DECODED = new ConcurrentHashMap<>();

  private Capabilities() {}

  /** Returns the documented ones that this machine can give: its own bounding set may lack some. */
  public static List<String> documentedHere() {
    Set<String> here = ProcessStatus.ofThisProcess().capabilities("CapBnd");
    return DOCUMENTED.stream().filter(name -> here.contains("CAP_" + name)).toList();
  }

  /**
   * Returns the documented ones that this machine itself lacks, so that no container can get them.
   */
  public static List<String> missingHere() {
    List<String> here = documentedHere();
    return DOCUMENTED.stream().filter(name -> !here.contains(name)).toList();
  }

  /** Returns what {@code capsh} says is in a set of /proc/PID/status. */
  public static Set<String> decode(String hexadecimal) {
    return DECODED.computeIfAbsent(
        hexadecimal,
        key -> {
          String text = Programs.run("capsh", "--decode=" + key).orFail().out();
          return names(text.substring(text.indexOf('=') + 1));
        });
  }

  /** Returns all names in a text of {@code capsh}, whatever stands between them. */
  public static Set<String> names(String text) {
    Matcher matcher = NAME.matcher(text);
    return sorted(
        matcher
            .results()
            .map(MatchResult::group)
            .map(name -> name.toUpperCase(Locale.ROOT))
            .toList());
  }

  /** Returns the names in a list of {@code setpriv}, such as {@code chown,syslog}. */
  public static Set<String> ofSetpriv(String list) {
    if (list.equals("[none]")) {
      return Set.of();
    }
    return sorted(
        Arrays.stream(list.split(",", -1))
            .map(name -> "CAP_" + name.strip().toUpperCase(Locale.ROOT))
            .toList());
  }

  private static Set<String> sorted(Collection<String> names) {
    return names.stream().collect(Collectors.toCollection(TreeSet::new));
  }
}
