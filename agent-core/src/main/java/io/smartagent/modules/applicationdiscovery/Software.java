package io.smartagent.modules.applicationdiscovery;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a process runs, as its executable and command line tell.
 *
 * @param name of the program: the executable's file name, or what the process calls itself
 * @param product such as {@code PostgreSQL}; null where no rule knows it
 * @param language such as {@code Java}; null where no rule tells
 * @param entryPoint what a language runtime runs: a main class, archive, module or script; null
 *     where there is none or it cannot be told
 * @param versionVariables names of environment variables that may hold its version
 * @param role whether it is an application by itself
 */
record Software(
    String name,
    @Nullable String product,
    @Nullable String language,
    @Nullable String entryPoint,
    List<String> versionVariables,
    Role role) {

  /** Whether a program is an application. */
  enum Role {
    /** A rule knows its product or language. */
    RECOGNISED,
    /** No rule knows it. */
    UNRECOGNISED,
    /** Only starts and watches another program: tini, and a pod's pause. */
    INIT,
    /** Belongs to a container runtime's own works: one for each container. */
    PLUMBING
  }

  /** Returns whether the other one is the same program in the same use: a worker of it. */
  boolean isSameAs(Software other) {
    return Objects.equals(product, other.product)
        && Objects.equals(language, other.language)
        && Objects.equals(entryPoint, other.entryPoint);
  }
}
