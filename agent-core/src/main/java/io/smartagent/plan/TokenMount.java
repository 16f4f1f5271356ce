package io.smartagent.plan;

/**
 * How the token of the pod's ServiceAccount is shown in the virtual root.
 *
 * @param source the container's directory with it
 * @param target where it is bound to
 * @param fresh whether that directory has to be created, in a tmpfs of the launcher's own
 */
record TokenMount(String source, String target, boolean fresh) {}
