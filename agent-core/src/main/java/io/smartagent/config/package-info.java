/** What the user asked for, where each value came from, and what is wrong with it. */
@NullMarked
package io.smartagent.config;

import org.jspecify.annotations.NullMarked;
