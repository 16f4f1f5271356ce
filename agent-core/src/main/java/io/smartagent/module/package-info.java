/** The module API: what a module needs, the state that follows, and how it runs. */
@NullMarked
package io.smartagent.module;

import org.jspecify.annotations.NullMarked;
