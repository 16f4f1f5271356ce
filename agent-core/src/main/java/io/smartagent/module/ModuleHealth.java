package io.smartagent.module;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a module is doing at one moment.
 *
 * @param state what it comes down to
 * @param lastError what went wrong last, also where it is well again; null where nothing ever did
 * @param observed what it said it has seen; null where it has seen nothing yet
 * @param observedAt when it said so; null where it never did
 * @param restarts how often it was started again after it failed
 */
public record ModuleHealth(
    HealthState state,
    @Nullable String lastError,
    @Nullable String observed,
    @Nullable Instant observedAt,
    long restarts) {}
