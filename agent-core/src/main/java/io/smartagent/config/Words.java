package io.smartagent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A command line in one text, taken apart the way people expect of a shell, but for its magic. */
final class Words {

  private Words() {}

  /**
   * Returns the words of {@code text}: blanks separate them, but not between two single or two
   * double quotes, which are taken away. No other letter means anything.
   *
   * @return empty where a quote is not closed
   */
  static Optional<List<String>> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (quote != 0) {
        if (letter == quote) {
          quote = 0;
        } else {
          word.append(letter);
        }
      } else if (letter == '\'' || letter == '"') {
        quote = letter;
        inWord = true;
      } else if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r') {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else {
        word.append(letter);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return quote == 0 ? Optional.of(words) : Optional.empty();
  }
}
