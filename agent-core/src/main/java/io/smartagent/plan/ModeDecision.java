package io.smartagent.plan;

import io.smartagent.config.Mode;

/**
 * The mode of the virtual root, and why this one.
 *
 * @param mode never {@link Mode#AUTO}
 * @param reason as a sentence
 */
public record ModeDecision(Mode mode, String reason) {}
