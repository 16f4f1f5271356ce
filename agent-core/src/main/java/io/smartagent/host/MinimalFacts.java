package io.smartagent.host;

import java.util.List;
import java.util.Optional;

/**
 * What mode minimal has to know of the host's root.
 *
 * @param places what is there of all that was asked for
 * @param mounted what is mounted below the host's root, without what is mounted below that; empty
 *     where the host's root is a mount itself
 * @param enforcing the file that shows that SELinux enforces; empty if it does not
 * @param missing the commands that cannot be found in the virtual root
 */
public record MinimalFacts(
    List<Place> places,
    List<Place> mounted,
    Optional<String> enforcing,
    List<MissingCommand> missing) {

  /** Nothing was asked. */
  public static final MinimalFacts NOTHING =
      new MinimalFacts(List.of(), List.of(), Optional.empty(), List.of());

  /** Copies the lists. */
  public MinimalFacts {
    places = List.copyOf(places);
    mounted = List.copyOf(mounted);
    missing = List.copyOf(missing);
  }

  /**
   * A directory or a file of the host's root.
   *
   * @param path in the host's root
   * @param directory whether it is a directory, else a file
   * @param itself where it really is on the host: where its link leads, or what the container's
   *     runtime has mounted at its path; else the same path
   */
  public record Place(String path, boolean directory, String itself) {}

  /**
   * A command that is not available.
   *
   * @param name of the command
   * @param fault where it was looked for and what was found there
   * @param notShown where its link leads, where that is not shown; else empty
   */
  public record MissingCommand(String name, String fault, String notShown) {}

  /** Returns these facts with the commands that cannot be found. */
  public MinimalFacts with(List<MissingCommand> commands) {
    return new MinimalFacts(places, mounted, enforcing, commands);
  }
}
