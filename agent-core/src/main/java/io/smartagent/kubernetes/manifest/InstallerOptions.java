package io.smartagent.kubernetes.manifest;

import java.util.Optional;

/**
 * An agent that an installer brings. Its token is never part of a manifest, only the name of the
 * Secret that holds it.
 *
 * @param url of the script, https
 * @param tokenSecret the Secret with the bearer token; empty where none is needed
 * @param sha256 that the script must have; empty where any will do
 * @param skipCertificateCheck whether any certificate is trusted
 */
public record InstallerOptions(
    String url,
    Optional<SecretKey> tokenSecret,
    Optional<String> sha256,
    boolean skipCertificateCheck) {

  /**
   * A value in a Secret of the agent's namespace.
   *
   * @param name of the Secret
   * @param key in it
   */
  public record SecretKey(String name, String key) {}
}
