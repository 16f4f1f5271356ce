package io.smartagent.module;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.kernel.Kernel;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.results.ResultStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all modules are given alike.
 *
 * @param factory makes a new module of an id
 * @param kernel that they call
 * @param root of the host, without a slash at its end
 * @param settings that the user has made for modules, until the supervisor gets others
 * @param containers what modules have found out of the node's containers
 * @param metrics where theirs are registered while they run
 * @param events where theirs go
 * @param results where they write what is too large for an event
 * @param cluster how Kubernetes is reached; null where it cannot be
 */
public record ModuleHost(
    Function<String, Module> factory,
    Kernel kernel,
    String root,
    ModuleSettings settings,
    ContainerDirectory containers,
    PrometheusRegistry metrics,
    EventSink events,
    ResultStore results,
    @Nullable ClusterAccess cluster) {}
