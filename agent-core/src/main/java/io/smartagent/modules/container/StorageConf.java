package io.smartagent.modules.container;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where CRI-O and Podman keep containers: containers-storage.conf(5).
 *
 * @param graphRoot what stays over a reboot
 * @param runRoot what does not
 * @param driver by which the directories in them are named
 */
record StorageConf(String graphRoot, String runRoot, String driver) {

  /** What holds where nothing is configured. */
  static final StorageConf STANDARD =
      new StorageConf("/var/lib/containers/storage", "/run/containers/storage", "overlay");

  private static final Pattern SETTING =
      Pattern.compile(
          "\\s*(graphroot|runroot|driver)\\s*=\\s*(?:\"([^\"]+)\"|'([^']+)')\\s*(?:#.*)?");

  /** Returns what a storage.conf says, and what is standard where it says nothing. */
  static StorageConf parse(String toml) {
    String graphRoot = STANDARD.graphRoot;
    String runRoot = STANDARD.runRoot;
    String driver = STANDARD.driver;
    boolean inStorage = true;
    for (String line : toml.split("\n", -1)) {
      if (line.strip().startsWith("[")) {
        inStorage = line.strip().startsWith("[storage]");
      }
      Matcher setting = SETTING.matcher(line);
      if (!inStorage || !setting.matches()) {
        continue;
      }
      String value = setting.group(2) == null ? setting.group(3) : setting.group(2);
      switch (setting.group(1)) {
        case "graphroot" -> graphRoot = value;
        case "runroot" -> runRoot = value;
        default -> driver = value;
      }
    }
    return new StorageConf(graphRoot, runRoot, driver);
  }
}
