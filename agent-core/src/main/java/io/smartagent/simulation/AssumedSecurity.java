package io.smartagent.simulation;

import io.smartagent.confinement.SeccompProfile;
import io.smartagent.kernel.security.SeccompMode;
import io.smartagent.kernel.security.SecurityState;
import java.util.Optional;

/** What filters and confines an assumed container. */
final class AssumedSecurity implements SecurityState {

  private final AssumedContainer container;
  private final SecurityState here;

  AssumedSecurity(AssumedContainer container, SecurityState here) {
    this.container = container;
    this.here = here;
  }

  @Override
  public SeccompMode seccomp() {
    return container.seccomp() == SeccompProfile.NONE ? SeccompMode.DISABLED : SeccompMode.FILTER;
  }

  @Override
  public Optional<String> lsmLabel() {
    return container.lsm().map(profile -> profile + " (enforce)");
  }

  @Override
  public Optional<String> lockdown() {
    return Optional.empty();
  }

  @Override
  public String release() {
    return container.kernel().text();
  }

  @Override
  public String machine() {
    return here.machine();
  }

  @Override
  public Optional<Long> sysctl(String name) {
    return here.sysctl(name);
  }
}
