package io.smartagent.kubernetes.audit;

/**
 * Something that a rule found in a container.
 *
 * @param rule that found it
 * @param level of it here, which may be another one in another pod
 * @param field of the object that it is about
 * @param line of the source
 * @param words what was found, in a few words
 * @param reason why it matters, as a sentence
 */
public record Finding(Rule rule, Level level, String field, int line, String words, String reason) {

  /** Returns one with the reason of its rule. */
  static Finding of(Rule rule, Level level, Field field, String words) {
    return new Finding(rule, level, field.path(), field.line(), words, rule.reason());
  }
}
