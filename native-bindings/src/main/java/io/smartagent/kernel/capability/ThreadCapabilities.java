package io.smartagent.kernel.capability;

/**
 * The five capability sets of a thread: capabilities(7), "Thread capability sets".
 *
 * @param effective what the kernel checks
 * @param permitted what may be made effective
 * @param inheritable what survives an execve of a program with the same file inheritable set
 * @param bounding what an execve can give at the most
 * @param ambient what survives an execve of a program without file capabilities
 */
public record ThreadCapabilities(
    CapabilitySet effective,
    CapabilitySet permitted,
    CapabilitySet inheritable,
    CapabilitySet bounding,
    CapabilitySet ambient) {}
