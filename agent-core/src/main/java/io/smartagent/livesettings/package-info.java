/** Settings that change while the agent runs: where they are read, and how they come to hold. */
@NullMarked
package io.smartagent.livesettings;

import org.jspecify.annotations.NullMarked;
