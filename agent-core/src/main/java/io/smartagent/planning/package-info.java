/** Gathers settings and facts about container and host, and has the launch planned from them. */
@NullMarked
package io.smartagent.planning;

import org.jspecify.annotations.NullMarked;
