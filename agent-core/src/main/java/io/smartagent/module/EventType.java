package io.smartagent.module;

/**
 * A type of event as it is documented.
 *
 * @param name of the type, such as {@code OOMKilling}
 * @param meaning what has happened, and what its attributes mean where their names do not say it
 * @param example one line of the agent's output, which has all attributes in their order
 */
public record EventType(String name, String meaning, String example) {}
