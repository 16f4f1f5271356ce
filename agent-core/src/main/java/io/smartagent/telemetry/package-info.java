/** What the agent reports: events, metrics, health, status, a page for people. */
@NullMarked
package io.smartagent.telemetry;

import org.jspecify.annotations.NullMarked;
