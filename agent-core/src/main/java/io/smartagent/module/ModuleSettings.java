package io.smartagent.module;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the user has set for modules: a value of each {@link Setting}. Immutable. */
public final class ModuleSettings {

  /** What holds where nothing is set. */
  public static final ModuleSettings DEFAULTS = new ModuleSettings(Map.of());

  /** Of those only that were set. */
  private final Map<Setting<?>, Object> values;

  private ModuleSettings(Map<Setting<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /** Returns the value of a setting, its default where it is not set. */
  @SuppressWarnings("unchecked") // with() takes no other value for it.
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? setting.defaultValue() : (T) value;
  }

  /** Returns these with another value of one. */
  public <T> ModuleSettings with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> all = new HashMap<>(values);
    all.put(setting, value);
    return new ModuleSettings(all);
  }

  /** Returns these with what {@code text} means for one; empty where it is not valid. */
  public <T> Optional<ModuleSettings> withText(Setting<T> setting, String text) {
    return setting.parse(text).map(value -> with(setting, value));
  }

  /** Returns those of {@code settings} that have another value here than in {@code other}. */
  public List<Setting<?>> changed(ModuleSettings other, Collection<Setting<?>> settings) {
    List<Setting<?>> changed = new ArrayList<>();
    for (Setting<?> setting : settings) {
      if (!get(setting).equals(other.get(setting))) {
        changed.add(setting);
      }
    }
    return changed;
  }
}
