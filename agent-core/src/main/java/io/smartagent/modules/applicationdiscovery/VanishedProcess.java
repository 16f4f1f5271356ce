package io.smartagent.modules.applicationdiscovery;

import org.jspecify.annotations.Nullable;

/**
 * A process that executed a program and had ended before anybody could look at it.
 *
 * @param pid that it had
 * @param parent its parent's pid; null where it is unknown
 * @param software by its name alone, where its parent had not yet asked for its end; null where
 *     nothing is known
 */
record VanishedProcess(int pid, @Nullable Integer parent, @Nullable Software software) {}
