package io.smartagent.host;

/**
 * What lies where in the container and below the host's root.
 *
 * @param apmMounted whether the container has a mount at {@link LayoutReader#APM_DIRECTORY}
 * @param former where earlier launches have left what this one does not use
 * @param minimal what mode minimal asks; empty in any other mode
 */
public record LayoutFacts(boolean apmMounted, FormerData former, MinimalFacts minimal) {

  /** Nothing is anywhere. */
  public static final LayoutFacts NOTHING =
      new LayoutFacts(false, FormerData.NONE, MinimalFacts.NOTHING);

  /** Returns these facts with what mode minimal asks. */
  public LayoutFacts with(MinimalFacts found) {
    return new LayoutFacts(apmMounted, former, found);
  }
}
