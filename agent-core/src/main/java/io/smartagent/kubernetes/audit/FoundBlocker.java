package io.smartagent.kubernetes.audit;

/**
 * A blocker in a container.
 *
 * @param blocker that it is
 * @param field of the object that it is about
 * @param line of the source
 * @param words what was found, in a few words
 */
public record FoundBlocker(Blocker blocker, String field, int line, String words) {}
