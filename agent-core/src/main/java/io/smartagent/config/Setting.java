package io.smartagent.config;

/**
 * A value with its origin, as {@code plan} shows it.
 *
 * @param name of the variable, which every setting has
 * @param value as it was found, {@code ***} for a secret
 * @param source {@code default}, the name of the variable, or the option
 */
public record Setting(String name, String value, String source) {}
