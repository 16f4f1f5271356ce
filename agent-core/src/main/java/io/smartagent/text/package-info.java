/** Text for people in front of a terminal: for the launcher and for the agent. */
@NullMarked
package io.smartagent.text;

import org.jspecify.annotations.NullMarked;
