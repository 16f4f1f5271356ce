package io.smartagent.kubernetes.audit;

/**
 * A hindrance in a container.
 *
 * @param hindrance that it is
 * @param field of the object that it is about
 * @param line of the source
 * @param words what was found, in a few words
 */
public record Obstacle(Hindrance hindrance, String field, int line, String words) {}
