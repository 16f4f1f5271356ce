package io.smartagent.launch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Arguments and environment of the program that the launcher becomes, as the bytes that execve(2)
 * takes.
 *
 * @param arguments with the program's name first
 * @param environment as {@code NAME=value}
 */
public record Program(List<byte[]> arguments, List<byte[]> environment) {

  static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** What of the container's environment the built-in agent needs. */
  private static final Set<String> PASSED_TO_AGENT =
      Set.of(
          "SMARTAGENT_LOG_LEVEL",
          "COLUMNS",
          "K8S_NODE_NAME",
          "POD_NAMESPACE",
          "KUBERNETES_SERVICE_HOST",
          "KUBERNETES_SERVICE_PORT",
          "TZ");

  /** Secrets, and what belongs to the launcher's own JVM. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN",
          "SMARTAGENT_INSTALLER_SCRIPT_URL",
          "JDK_JAVA_OPTIONS",
          "JAVA_TOOL_OPTIONS");

  /** What of the agent's environment a loader in secure-execution mode does not leave there. */
  private static final Set<String> TAKEN_BY_LOADER = Set.of("LOCPATH", "MALLOC_ARENA_MAX");

  /** Copies the lists. */
  public Program {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  /**
   * Returns the built-in agent with an environment made anew.
   *
   * @param arguments of the plan
   * @param environment of the container, by name
   */
  public static Program agent(
      List<String> arguments, Map<String, String> environment, String user, String home) {
    List<String> variables = new ArrayList<>();
    variables.add(PATH);
    variables.add("LANG=C.UTF-8");
    // The host may have no such locale; without one the JVM opens no file with other letters than
    // ASCII.
    String loader = arguments.getFirst();
    variables.add("LOCPATH=" + loader.substring(0, loader.lastIndexOf("/bin/")) + "/lib/locale");
    variables.add("HOME=" + home);
    variables.add("USER=" + user);
    variables.add("MALLOC_ARENA_MAX=2");
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (PASSED_TO_AGENT.contains(name)) {
            variables.add(name + "=" + value);
          }
        });
    return new Program(bytes(arguments), bytes(variables));
  }

  /**
   * Returns a program of the host with the container's environment but for secrets, and with the
   * user's own HOME, USER and LOGNAME.
   *
   * @param commandLine of this process as /proc/self/cmdline has it: bytes that are no text stay
   *     what they are
   * @param environment of this process as /proc/self/environ has it
   * @param wordCount how many words at the end of the command line are the program's
   */
  public static Program ofHost(
      byte[] commandLine, byte[] environment, int wordCount, String user, String home) {
    List<byte[]> words = split(commandLine);
    return new Program(
        words.subList(words.size() - wordCount, words.size()),
        variablesOfHost(environment, user, home));
  }

  /**
   * Returns a program that an installer has installed, with the environment of {@link #ofHost}.
   *
   * @param arguments of the plan
   * @param environment of this process as /proc/self/environ has it
   */
  public static Program installed(
      List<String> arguments, byte[] environment, String user, String home) {
    return new Program(bytes(arguments), variablesOfHost(environment, user, home));
  }

  private static List<byte[]> variablesOfHost(byte[] environment, String user, String home) {
    List<byte[]> variables = new ArrayList<>();
    boolean path = false;
    for (byte[] variable : split(environment)) {
      String name = nameOf(variable);
      path |= name.equals("PATH");
      if (!NOT_PASSED_ON.contains(name) && !Set.of("HOME", "USER", "LOGNAME").contains(name)) {
        variables.add(variable);
      }
    }
    if (!path) {
      variables.addAll(bytes(List.of(PATH)));
    }
    variables.addAll(bytes(List.of("HOME=" + home, "USER=" + user, "LOGNAME=" + user)));
    return variables;
  }

  /**
   * Returns the same for a program file with capabilities. Its loader takes these variables away
   * (ld.so(8), "Secure-execution mode"), and where it was itself the program it then trips over its
   * own assertion: _dl_start_args_adjust() in glibc's elf/rtld.c looks for the auxiliary vector
   * where that was before.
   */
  public Program forSecureExecution() {
    List<byte[]> variables = new ArrayList<>();
    for (byte[] variable : environment) {
      if (!TAKEN_BY_LOADER.contains(nameOf(variable))) {
        variables.add(variable);
      }
    }
    return new Program(arguments, variables);
  }

  private static String nameOf(byte[] variable) {
    String text = new String(variable, StandardCharsets.ISO_8859_1);
    int equals = text.indexOf('=');
    return equals < 0 ? text : text.substring(0, equals);
  }

  private static List<byte[]> bytes(List<String> texts) {
    List<byte[]> bytes = new ArrayList<>();
    for (String text : texts) {
      bytes.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes;
  }

  /** Every string in these files ends with NUL. */
  private static List<byte[]> split(byte[] strings) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < strings.length; i++) {
      if (strings[i] == 0) {
        parts.add(java.util.Arrays.copyOfRange(strings, start, i));
        start = i + 1;
      }
    }
    return parts;
  }
}
