package io.smartagent.config;

import java.time.Duration;
import java.util.List;

/**
 * What the user wants to have installed and started instead of the built-in agent.
 *
 * @param download of the script that installs it
 * @param timeout how long the script may run
 * @param always whether it runs although it has run before
 * @param command what is started afterwards: an absolute path of the host, and arguments
 */
public record InstallerSettings(
    DownloadSettings download, Duration timeout, boolean always, List<String> command) {

  /** Copies the list. */
  public InstallerSettings {
    command = List.copyOf(command);
  }
}
