package io.smartagent.livesettings;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.livesettings.SettingsDirectory.ForeignOwnerException;
import java.time.Duration;

/** Looks again and again for what has changed in a directory. */
final class DirectoryFollower implements SettingsFollower {

  /** Kubelet itself takes up to a minute to bring a change; a look is four system calls. */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final SettingsDirectory directory;
  private final boolean required;
  private final LiveSettings settings;

  /**
   * @param required whether a missing directory is an error
   */
  DirectoryFollower(SettingsDirectory directory, boolean required, LiveSettings settings) {
    this.directory = directory;
    this.required = required;
    this.settings = settings;
  }

  @Override
  public void look() {
    try {
      directory.read().ifPresentOrElse(settings::offer, settings::withdraw);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT && !required) {
        settings.withdraw();
      } else {
        settings.onWatchFailed(describe(e));
      }
    } catch (ForeignOwnerException e) {
      settings.onWatchFailed(
          e.getMessage()
              + " Mount the ConfigMap there, or name its place with SMARTAGENT_CONFIG_PATH.");
    }
  }

  private String describe(ErrnoException e) {
    String fault =
        "The directory \"" + directory.path() + "\" cannot be read: " + e.getMessage() + ". ";
    return fault
        + (e.errno() == Errno.EACCES
            ? "Let the agent's user read it: a mounted ConfigMap needs defaultMode 0444."
            : "Mount the ConfigMap there, or name its place with SMARTAGENT_CONFIG_PATH.");
  }

  @Override
  public void run() throws InterruptedException {
    while (true) {
      look();
      Thread.sleep(PERIOD);
    }
  }
}
