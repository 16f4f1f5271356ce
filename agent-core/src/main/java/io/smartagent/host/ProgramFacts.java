package io.smartagent.host;

/**
 * What is known of the command that {@code run} executes.
 *
 * @param name as it was written
 * @param path of the program in the virtual root; empty without one
 * @param fault what is wrong with it, empty where nothing is
 */
public record ProgramFacts(String name, String path, String fault) {}
