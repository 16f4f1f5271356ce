package io.smartagent.plan;

import io.smartagent.kernel.capability.CapabilitySet;

/**
 * How another agent is installed.
 *
 * @param directory that the installed agent's own one is in
 * @param url of the script, as it may be shown
 * @param program that has to be there and executable afterwards
 * @param capabilities of the script
 */
record InstallerDecision(
    String directory, String url, String program, CapabilitySet capabilities) {}
