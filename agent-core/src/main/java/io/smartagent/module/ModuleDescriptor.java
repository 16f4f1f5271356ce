package io.smartagent.module;

/**
 * What is known of a module without running it: the one place that says what it needs. The planner,
 * the tables of the documentation, {@code status} and the tests read it from here.
 *
 * @param id the module's name, a contract
 * @param summary what it does, as the rest of a sentence that starts with its name
 * @param loss what nobody gets to see where it is disabled
 * @param need what it needs
 */
public record ModuleDescriptor(String id, String summary, String loss, Need need) {}
