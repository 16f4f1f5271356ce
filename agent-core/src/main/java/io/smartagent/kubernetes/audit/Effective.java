package io.smartagent.kubernetes.audit;

import java.util.Optional;

/**
 * A setting that holds for a container, from wherever in the pod it comes.
 *
 * @param value of it, empty if it is not set
 * @param field that sets it
 */
record Effective(String value, Field field) {

  /** Returns the first that is set; where none is, that of the last field. */
  static Effective firstOf(Field... fields) {
    Field last = fields[fields.length - 1];
    for (Field field : fields) {
      Optional<String> value = field.isPresent() ? field.text() : Optional.empty();
      if (value.isPresent()) {
        return new Effective(value.get(), field);
      }
    }
    return new Effective("", last);
  }

  /** Returns whether it is {@code expected}, in any case. */
  boolean is(String expected) {
    return value.equalsIgnoreCase(expected);
  }
}
