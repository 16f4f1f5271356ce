package io.smartagent.modules.applicationdiscovery;

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
 * @param productClues where the product's version may be found
 * @param languageClues where the language's version may be found
 * @param role whether it is an application by itself
 */
record Software(
    String name,
    @Nullable String product,
    @Nullable Language language,
    @Nullable String entryPoint,
    VersionClues productClues,
    VersionClues languageClues,
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

  /**
   * Returns this software with what its files tell of a program that no rule knows. It stays
   * unrecognised: any command may be written in Go.
   */
  Software writtenIn(@Nullable Language newLanguage, @Nullable String newEntryPoint) {
    return new Software(
        name,
        product,
        language == null ? newLanguage : language,
        entryPoint == null ? newEntryPoint : entryPoint,
        productClues,
        languageClues,
        role);
  }

  /** Returns whether the other one is the same program in the same use: a worker of it. */
  boolean isSameAs(Software other) {
    return Objects.equals(product, other.product)
        && language == other.language
        && Objects.equals(entryPoint, other.entryPoint);
  }
}
