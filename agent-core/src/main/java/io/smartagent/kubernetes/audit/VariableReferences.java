package io.smartagent.kubernetes.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What kubelet makes of {@code $(NAME)} in a container's command and arguments: the value of that
 * variable; what names none stays, and {@code $$} is a dollar
 * (third_party/forked/golang/expansion/expand.go of Kubernetes).
 */
final class VariableReferences {

  private VariableReferences() {}

  /** Returns the words with values in the place of references. */
  static List<String> expand(List<String> words, Map<String, String> environment) {
    List<String> expanded = new ArrayList<>();
    words.forEach(word -> expanded.add(expand(word, environment)));
    return expanded;
  }

  private static String expand(String word, Map<String, String> environment) {
    StringBuilder expanded = new StringBuilder();
    int at = 0;
    while (at < word.length()) {
      char letter = word.charAt(at);
      int end = word.startsWith("$(", at) ? word.indexOf(')', at) : -1;
      if (end >= 0) {
        String value = environment.get(word.substring(at + 2, end));
        expanded.append(value == null ? word.substring(at, end + 1) : value);
        at = end + 1;
      } else {
        expanded.append(letter);
        at += word.startsWith("$$", at) ? 2 : 1;
      }
    }
    return expanded.toString();
  }
}
