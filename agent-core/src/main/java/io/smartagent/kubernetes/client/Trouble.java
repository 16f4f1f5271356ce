package io.smartagent.kubernetes.client;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps one user of the API from its work: logged when it begins and when it is over. */
public final class Trouble {

  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private final String effect;
  private final String relief;
  private volatile @Nullable ApiFailure failure;

  /**
   * @param effect what does not work because of it, as a sentence without its full stop
   * @param relief what works again without it, as a sentence
   */
  public Trouble(String effect, String relief) {
    this.effect = effect;
    this.relief = relief;
  }

  /** Notes a failure; one like the last is not told again. */
  public void begin(ApiFailure now) {
    ApiFailure before = failure;
    failure = now;
    if (before == null || before.kind() != now.kind()) {
      LOG.warn("{}: {}", effect, now.text().strip());
    }
  }

  /** Notes that it works. */
  public void end() {
    if (failure != null) {
      failure = null;
      LOG.info(relief);
    }
  }

  /** Returns what is wrong now, for people; null where nothing is. */
  public @Nullable String text() {
    ApiFailure now = failure;
    return now == null ? null : effect + ": " + now.text().strip();
  }
}
