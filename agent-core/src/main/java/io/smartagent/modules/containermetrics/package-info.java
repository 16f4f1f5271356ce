/**
 * container-metrics: measures the containers: CPU, memory, I/O, processes, network, by container
 * and pod.
 */
@NullMarked
package io.smartagent.modules.containermetrics;

import org.jspecify.annotations.NullMarked;
