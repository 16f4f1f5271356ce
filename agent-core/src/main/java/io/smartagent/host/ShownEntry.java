package io.smartagent.host;

/**
 * A part of the host that a minimal virtual root shows.
 *
 * @param path in the virtual root
 * @param source in the host's root; links on the way are followed, within that root
 * @param directory whether it is a directory, else a file
 */
public record ShownEntry(String path, String source, boolean directory) {}
