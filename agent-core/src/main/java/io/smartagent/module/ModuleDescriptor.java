package io.smartagent.module;

import java.util.List;

/**
 * What is known of a module without running it: the one place that says what it needs. The planner,
 * the tables of the documentation, {@code status} and the tests read it from here.
 *
 * @param id the module's name, a contract
 * @param summary what it does, as the rest of a sentence that starts with its name
 * @param loss what nobody gets to see where it is disabled
 * @param need what it needs
 * @param uses the settings that it is started anew for when they change
 * @param follows the settings that it looks at in each pass, which begins at once when they change
 */
public record ModuleDescriptor(
    String id,
    String summary,
    String loss,
    Need need,
    List<ModuleSetting> uses,
    List<ModuleSetting> follows) {

  /** Copies the lists. */
  public ModuleDescriptor {
    uses = List.copyOf(uses);
    follows = List.copyOf(follows);
  }

  /** Describes a module that uses no setting. */
  public ModuleDescriptor(String id, String summary, String loss, Need need) {
    this(id, summary, loss, need, List.of(), List.of());
  }

  /** Returns this with the settings that it uses. */
  public ModuleDescriptor using(ModuleSetting... settings) {
    return new ModuleDescriptor(id, summary, loss, need, List.of(settings), follows);
  }

  /** Returns this with the settings that it follows. */
  public ModuleDescriptor following(ModuleSetting... settings) {
    return new ModuleDescriptor(id, summary, loss, need, uses, List.of(settings));
  }
}
