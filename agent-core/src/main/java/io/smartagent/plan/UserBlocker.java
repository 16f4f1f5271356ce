package io.smartagent.plan;

/**
 * A reason to stay root, with what the user can do about it.
 *
 * @param fault as a sentence without its full stop, so that a consequence can follow
 * @param remedy as sentences
 */
record UserBlocker(String fault, String remedy) {}
