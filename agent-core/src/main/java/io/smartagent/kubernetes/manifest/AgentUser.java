package io.smartagent.kubernetes.manifest;

import java.util.Optional;

/**
 * The user that the agent becomes.
 *
 * @param named the value of {@code --user}; empty where it is root or a user is made
 * @param root whether it stays root
 * @param made whether the launch makes a user on hosts that have none
 * @param reason why, as a sentence
 */
public record AgentUser(Optional<String> named, boolean root, boolean made, String reason) {}
