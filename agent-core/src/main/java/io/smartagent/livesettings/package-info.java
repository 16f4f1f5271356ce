/** Settings that change while the agent runs: where they are read, and how they are applied. */
@NullMarked
package io.smartagent.livesettings;

import org.jspecify.annotations.NullMarked;
