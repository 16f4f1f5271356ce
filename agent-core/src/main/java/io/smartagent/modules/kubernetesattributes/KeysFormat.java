package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.SettingFormat;
import java.util.Optional;

/** Keys of labels or annotations. */
final class KeysFormat implements SettingFormat<KeySelection> {

  @Override
  public String argument() {
    return "KEY,...";
  }

  @Override
  public String accepted() {
    return "keys of labels or annotations such as \"app.kubernetes.io/name\", separated by commas;"
        + " each may end with \"*\"";
  }

  @Override
  public Optional<KeySelection> parse(String text) {
    return KeySelection.parse(text);
  }
}
