package io.smartagent.module;

import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import java.util.List;

/** A module that is only known, and never run. */
public record TestDescriptor(
    String id, Needs needs, List<Setting<?>> settings, List<Setting<?>> followedSettings)
    implements ModuleDescriptor {

  /** Returns one that needs nothing. */
  public static TestDescriptor of(String id) {
    return new TestDescriptor(id, Needs.firstOf(Source.of("it")), List.of(), List.of());
  }

  /** Returns this with the settings that it has. */
  public TestDescriptor having(List<? extends Setting<?>> all) {
    return new TestDescriptor(id, needs, List.copyOf(all), followedSettings);
  }

  /** Returns this with those of its settings that it follows. */
  public TestDescriptor following(Setting<?>... followed) {
    return new TestDescriptor(id, needs, settings, List.of(followed));
  }

  @Override
  public String summary() {
    return "does";
  }

  @Override
  public String loss() {
    return "nothing is seen";
  }
}
