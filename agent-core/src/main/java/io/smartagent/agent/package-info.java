/** The agent that the launcher execs: attests, runs the modules, answers, ends. */
@NullMarked
package io.smartagent.agent;

import org.jspecify.annotations.NullMarked;
