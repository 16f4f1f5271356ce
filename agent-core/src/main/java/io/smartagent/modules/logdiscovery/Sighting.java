package io.smartagent.modules.logdiscovery;

import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A file that may be a log, as one pass has seen it.
 *
 * @param id who it is
 * @param size its bytes
 * @param place where it is now
 * @param spot how to get at it
 * @param verdict what its name says
 * @param holder the process that writes it; null where none is known
 * @param mount the id of its mount in /proc/PID/mountinfo; -1 where it is unknown
 */
record Sighting(
    FileId id,
    long size,
    Place place,
    Spot spot,
    Verdict verdict,
    Spot.@Nullable Held holder,
    int mount) {

  static final int UNKNOWN_MOUNT = -1;
}
