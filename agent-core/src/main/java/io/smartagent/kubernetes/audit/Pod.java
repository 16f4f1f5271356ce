package io.smartagent.kubernetes.audit;

import java.util.List;

/**
 * A pod, or the template of one, as far as isolation goes.
 *
 * @param field of its spec
 * @param hostPid whether it is in the host's PID namespace
 * @param hostNetwork whether it is in the host's network namespace
 * @param hostIpc whether it is in the host's IPC namespace
 * @param hostUsers whether it is in the host's user namespace
 * @param windows whether it runs on Windows, where only HostProcess containers are privileged
 * @param containers all of them, init and ephemeral ones too
 */
record Pod(
    Field field,
    boolean hostPid,
    boolean hostNetwork,
    boolean hostIpc,
    boolean hostUsers,
    boolean windows,
    List<Container> containers) {}
