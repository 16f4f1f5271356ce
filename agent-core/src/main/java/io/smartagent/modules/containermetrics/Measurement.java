package io.smartagent.modules.containermetrics;

import java.util.List;

/**
 * What one pass has measured of a container that has processes.
 *
 * @param container that was measured
 * @param usage by its control groups
 * @param limits of its control groups
 * @param processes that there are, in groups below too
 * @param descriptors that they have open; {@link KeyedText#ABSENT} where it cannot be told
 * @param interfaces of its network namespace, where it is the one that shows them: none for one
 *     that uses the host's, or one that another shows
 */
record Measurement(
    Container container,
    Usage usage,
    Limits limits,
    long processes,
    long descriptors,
    List<InterfaceTraffic> interfaces) {

  Measurement withInterfaces(List<InterfaceTraffic> found) {
    return new Measurement(container, usage, limits, processes, descriptors, found);
  }
}
