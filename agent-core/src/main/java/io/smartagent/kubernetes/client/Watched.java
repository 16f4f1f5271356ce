package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.smartagent.kubernetes.ApiPermission;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is watched, and which fields are kept.
 *
 * @param permission that it takes
 * @param empty makes an object without anything
 * @param query what is asked for
 * @param reduce gives what is kept of an object; null where nothing is
 */
public record Watched<T extends HasMetadata, R>(
    ApiPermission permission,
    Supplier<T> empty,
    Function<KubernetesClient, Informable<T>> query,
    Function<T, @Nullable R> reduce) {}
