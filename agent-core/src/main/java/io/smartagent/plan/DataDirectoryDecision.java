package io.smartagent.plan;

/**
 * What is done to the agent's data directory.
 *
 * @param path of the directory
 * @param create whether it is absent
 * @param createRuntime whether the directory in it that the runtime is bound to is absent
 * @param createAccount whether the directory in it that the ServiceAccount's token is bound to is
 *     absent
 * @param changeOwner whether it has to be given to the agent's user
 */
record DataDirectoryDecision(
    String path,
    boolean create,
    boolean createRuntime,
    boolean createAccount,
    boolean changeOwner) {}
