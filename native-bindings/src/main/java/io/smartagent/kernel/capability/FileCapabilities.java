package io.smartagent.kernel.capability;

/**
 * The capabilities of a program file: capabilities(7), "File capabilities".
 *
 * @param permitted what an execve gives, within the bounding set
 * @param inheritable what an execve keeps of the thread's inheritable set
 * @param effective whether an execve makes the new permitted set effective at once
 */
public record FileCapabilities(
    CapabilitySet permitted, CapabilitySet inheritable, boolean effective) {}
