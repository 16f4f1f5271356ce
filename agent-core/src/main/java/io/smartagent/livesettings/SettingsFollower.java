package io.smartagent.livesettings;

/** Follows one source of settings, and passes what it has to {@link LiveSettings}. */
interface SettingsFollower {

  /** Looks once, before any module is started, where that takes no time. */
  void look();

  /**
   * Follows it until the agent ends.
   *
   * @throws InterruptedException when its thread is to end
   */
  void run() throws InterruptedException;
}
