package io.smartagent.modules.hostevents;

/**
 * Where an event comes from.
 *
 * @param source the attribute of this name
 * @param historical whether it had happened before the module looked first
 */
record Origin(String source, boolean historical) {}
