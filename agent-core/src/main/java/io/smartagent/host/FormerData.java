package io.smartagent.host;

import java.util.List;
import java.util.Optional;

/**
 * Where earlier launches have left what this one does not use, as a setting names another path now.
 *
 * @param installPath that the last launch with this runtime directory had, where it still holds an
 *     agent
 * @param runtimeDirectories other ones that hold a launch record, sorted
 */
public record FormerData(Optional<String> installPath, List<String> runtimeDirectories) {

  /** There is nothing that was left. */
  public static final FormerData NONE = new FormerData(Optional.empty(), List.of());

  /** Copies the list. */
  public FormerData {
    runtimeDirectories = List.copyOf(runtimeDirectories);
  }
}
