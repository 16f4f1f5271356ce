/** Pure: from settings and facts to the steps of a launch. Touches no system. */
@NullMarked
package io.smartagent.plan;

import org.jspecify.annotations.NullMarked;
